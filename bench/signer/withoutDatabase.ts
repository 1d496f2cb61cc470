// The service with all that it keeps in memory: what HTTP, authentication, rules and signing cost by themselves.
// Configured by the environment as the service is; PEOPLE says how many there are.
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { getAddress } from "viem";
import { createApp } from "../../src/signer/app.ts";
import { createAuthenticate } from "../../src/signer/auth/createAuthenticate.ts";
import { createReadiness } from "../../src/signer/chain/createReadiness.ts";
import { createSaleReader } from "../../src/signer/chain/createSaleReader.ts";
import { readConfig } from "../../src/signer/config.ts";
import { createFirstOrders } from "../../src/signer/orders/createFirstOrders.ts";
import type { Newcomer } from "../../src/signer/store/firstOrders.ts";
import { signerError } from "../../src/sdk/signerErrors.ts";
import { createMetrics } from "../../src/signer/watch/createMetrics.ts";
import { personOf } from "./people.ts";

const config = await readConfig(process.env);
const { record, key, sanctions, partners } = config;
const people = Number(process.env["PEOPLE"]);
const wallets = new Map<string, string>();
const newcomers = new Map<string, Newcomer>();
const decidedAt = Date.now() / 1000;
for (let number = 0; number < people; number++) {
  const { subject, wallet, token } = personOf(number);
  const address = getAddress(wallet);
  const person = { subject, country: "DE", tier: "public", decision: "approved", decidedAt } as const;
  newcomers.set(address, { ...person, wallets: [address], version: 0n });
  wallets.set(token, wallet);
}
const used = new Set<string>();

const now = async () => Date.now() / 1000;
const chain = createSaleReader({ urls: config.rpcUrls, record, finality: config.finality });
const readiness = createReadiness({
  ...{
    record,
    signer: key.address,
    chain,
    sanctions,
    databaseNow: now,
    lineage: async () => undefined,
    stopped: async () => undefined,
    keyAges: async () => ({}),
  },
});
const parts = { record, chain, key, sanctions, readiness, now, preIssueSeconds: 0n };
const firstOrders = createFirstOrders(parts, {
  read: async (asked) => asked.map((wallet) => newcomers.get(wallet)),
  commit: async (orders) => {
    for (const { buyer } of orders) newcomers.delete(buyer);
    return new Set(orders.map(({ orderId }) => orderId));
  },
});
const notHere = () => Promise.reject(signerError("internal", "not in the bench"));
const sessions = {
  ...{ newNonce: notHere, hasNonce: notHere, open: notHere, purge: notHere },
  buyerOf: async (token: string) => ({ wallet: getAddress(wallets.get(token) ?? ""), isApproved: true }),
};
const app = createApp({
  context: {
    ...parts,
    firstOrders,
    limits: {
      requestsPerMinute: async () => 0,
      requestsPerMinuteOfAddress: async () => 0,
      change: notHere,
      set: notHere,
    },
    revokedKeys: { includes: async () => false, revoke: notHere },
    pool: undefined as never,
  },
  sessions,
  counts: { count: () => undefined, flush: async () => undefined, read: notHere, refusals: notHere },
  ...{ keyWatch: { used: () => undefined }, turns: notHere },
  metrics: createMetrics({ readiness, secretAges: async () => [] }),
  authenticate: createAuthenticate({
    isRevoked: async () => false,
    ...{ sessions, partners, publicUrl: () => `http://127.0.0.1:${String(port())}` },
    nonces: async ({ nonce }) => {
      const text = nonce.toString("base64url");
      return !used.has(text) && used.add(text).has(text);
    },
  }),
  rateLimit: async () => undefined,
  logger: pino(),
  ...{
    siweDomains: [],
    corsOrigins: [],
    secrets: config.secrets,
    checks: config.checks,
    trustedProxies: [],
    quotasPerMinute: undefined,
    keyAges: async () => ({}),
  },
  requestTimeoutMs: 10_000,
});
await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`${JSON.stringify({ event: "listening", port: port() })}\n`);

function port(): number {
  return (app.server.address() as AddressInfo).port;
}
