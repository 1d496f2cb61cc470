import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { bytesToHex, keccak256, parseAbi, stringToBytes, type Address, type Hex } from "viem";
import { mnemonicToAccount, type HDAccount } from "viem/accounts";
import { canonicalModules } from "../../../deploy/canonical.ts";
import { chainParameters, LOCAL_CHAIN_ID } from "../../../deploy/chains.ts";
import { KEYLESS_DEPLOYER } from "../../../deploy/keyless.ts";
import { demoLaunch } from "../../../scripts/demo/demoLaunch.ts";
import { saleAbi } from "../../../src/sdk/abi/Sale.ts";
import { allocationTree } from "../../../src/sdk/launchFile/allocationTree.ts";
import { stringify, stringifyRecord } from "../../../src/sdk/json.ts";
import type { SaleStats } from "../../../src/sdk/indexerApi.ts";
import type { LaunchRecord } from "../../../src/sdk/launchRecord.ts";
import type { SaleTerms } from "../../../src/sdk/terms.ts";
import { policyHash, type Policy } from "../../../src/sdk/policy.ts";
import { buildPage } from "../../../src/web/build.ts";
import { startIndexerChain } from "../../support/indexerChain.ts";
import { bringVenue } from "../../support/bringVenue.ts";
import { freePorts } from "../../support/freePorts.ts";
import { testDatabase } from "../../support/postgres.ts";
import { runCommand, startService, type Service } from "./startService.ts";

export const UNIT = 10n ** 6n;
/** The launch's white paper. */
export const PAPER = "What Acme is.\n";
const DAY = 86_400n;
const mintAbi = parseAbi(["function mint(address to, uint256 amount)"]);

export type PersonaName = "Ada" | "Bao" | "Cleo" | "Dan" | "Eve" | "Finn" | "Gia" | "Hal";
export type TestPersona = { name: PersonaName; note: string; account: HDAccount };

/**
 * Dan's country is denied, Cleo never passed KYC, Eve is sanctioned, Gia's limit is the smallest purchase, Hal waits for a
 * decision; the others may buy.
 */
const cast: readonly [
  ...[name: PersonaName, note: string, country: string | undefined],
  ...[tier?: string, decision?: string],
][] = [
  ["Ada", "approved: can buy", "DE"],
  ["Bao", "approved: can buy", "FR"],
  ["Cleo", "has not passed KYC", undefined],
  ["Dan", "lives in a country the sale excludes", "KP"],
  ["Eve", "is on the sanctions list", "CH"],
  ["Finn", "approved: can buy", "FI"],
  ["Gia", "may buy very little", "IT", "small"],
  ["Hal", "waits for a decision", "NZ", "public", "pending"],
];

export type Launch = Awaited<ReturnType<typeof startLaunch>>;

/** A sale that is open on a chain of its own, with signer, indexer and page as processes. */
export async function startLaunch({
  sale = {},
  name: tokenName = "Acme Network",
  symbol = "ACME",
  paperUri,
  opensIn = -60n,
  page: built = {},
}: {
  sale?: Partial<SaleTerms>;
  /** Seconds from now; open since a minute where nothing is said. */
  opensIn?: bigint;
  name?: string;
  symbol?: string;
  /** Where the white paper is; beside the page, where nothing else is said. */
  paperUri?: string;
  /** How the page is built, where not as by default. */
  page?: Omit<Parameters<typeof buildPage>[0] & object, "outDir">;
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), "slipway-browser-"));
  // Before the chain runs: keys and a salt are computed here, and a node would end a connection that idles meanwhile.
  const { vesting: vestingModule } = canonicalModules(chainParameters(LOCAL_CHAIN_ID));
  const account = (addressIndex: number) =>
    mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex });
  const signerAccount = account(90);
  const personas = cast.map(([name, note], index): TestPersona => ({
    name,
    note,
    account: account(100 + index),
  }));
  const named = (name: PersonaName): TestPersona => personas.find((persona) => persona.name === name)!;

  const [pagePort] = await freePorts(1);
  const pageUrl = `http://127.0.0.1:${String(pagePort)}`;
  const chain = await startIndexerChain();
  const venue = await bringVenue(chain.provider, "venueV4");
  const { allocations } = demoLaunch("v4").vesting;
  await chain.client.sendTransaction({
    ...{ to: KEYLESS_DEPLOYER, data: vestingModule.call, account: chain.deployer },
  });
  const opened = await chain.now();
  const deployed = await chain.deploySale((terms) => ({
    ...terms,
    // As in the demo: what is sold, what the pool takes, three million for others, and something left over.
    token: { ...terms.token, maxSupply: 10n ** 25n, name: tokenName, symbol },
    sale: {
      ...terms.sale,
      ...{
        opensAt: opened + opensIn,
        closesAt: opened + 30n * DAY,
        coolingOff: 14n * DAY,
        voucherRequired: true,
      },
      ...{ softCap: 10_000n * UNIT, hardCap: 250_000n * UNIT, minPurchase: 100n * UNIT },
      ...sale,
    },
    document: { hash: keccak256(stringToBytes(PAPER)), uri: paperUri ?? `${pageUrl}/paper.txt` },
    listing: {
      ...terms.listing,
      ...{ delay: DAY, deadline: opened + 60n * DAY },
      ...{ venue, liquidityBps: 4_000, feeTier: 3_000, tickSpacing: 60, lockSeconds: 365n * DAY },
    },
    vesting: {
      ...terms.vesting,
      vesting: vestingModule.address,
      allocationsRoot: allocationTree(allocations).root,
      allocationsTotal: allocations.reduce((sum, { amount }) => sum + amount, 0n),
      buyers: { initialBps: 2_500, cliffSeconds: 0n, durationSeconds: 180n * DAY, steps: 6 },
    },
    roles: {
      ...terms.roles,
      signer: signerAccount.address,
      ...{ signerMaxCap: 250_000n * UNIT, signerMaxWindow: 3_600n },
    },
  }));
  const policy: Policy = {
    version: 1n,
    tiers: [
      {
        id: "public",
        personCap: 20_000n * UNIT,
        ...{ opensAt: opened - DAY, closesAt: opened + 30n * DAY, voucherSeconds: 600n },
      },
      {
        id: "small",
        personCap: 100n * UNIT,
        ...{ opensAt: opened - DAY, closesAt: opened + 30n * DAY, voucherSeconds: 600n },
      },
    ],
    deniedCountries: ["KP"],
    walletsPerPerson: 3n,
    decisionMaxAgeSeconds: 3_650n * DAY,
    requestsPerMinute: 6_000n,
  };
  const record: LaunchRecord = {
    ...deployed.record,
    ...{ vesting: vestingModule.address, policy, policyHash: policyHash(policy) },
  };

  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const shared = {
    ...{ RPC_URL: chain.url, LAUNCH_RECORD: write("launch.json", stringifyRecord(record)), PORT: "0" },
    ...{ FINALITY_DEPTH: "8", CORS_ORIGIN: pageUrl },
  };
  const signerEnv = {
    ...shared,
    DATABASE_URL: await testDatabase(),
    SIGNER_KEY_FILE: write("signer.key", `${keyOf(signerAccount)}\n`),
    SANCTIONS_FILE: write("sanctions.txt", `${named("Eve").account.address}\n`),
    EXPORT_KEY_FILE: write("export.key", `${"e".repeat(64)}\n`),
    KYC_WEBHOOK_SECRET_FILE: write("webhook.secret", `${"w".repeat(64)}\n`),
    SIWE_DOMAIN: new URL(pageUrl).host,
  };
  const decidedAt = new Date().toISOString();
  const rows = personas.flatMap(({ name, account: { address } }, index) => {
    const [, , country, tier = "public", decision = "approved"] = cast[index]!;
    return country === undefined
      ? []
      : [[address, `person-${name}`, country, tier, decision, decidedAt].join(",")];
  });
  const header = "wallet,subject,country,tier,decision,decidedAt";
  const subjects = write("subjects.csv", `${header}\n${rows.join("\n")}\n`);

  const running: Service[] = [];
  const start = async (script: string, env: Record<string, string>): Promise<Service> => {
    const service = await startService(script, env);
    running.push(service);
    return service;
  };
  const [signer, indexer] = await Promise.all([
    start("src/signer/main.ts", signerEnv),
    start("src/indexer/main.ts", { ...shared, DATABASE_URL: await testDatabase(), POLL_MS: "100" }),
  ]);
  await runCommand(["src/signer/main.ts", "import", subjects], signerEnv);
  const fund = async (to: Address): Promise<void> => {
    const args = [to, 60_000n * UNIT] as const;
    const mint = { address: chain.currency, abi: mintAbi, functionName: "mint", args } as const;
    await chain.client.writeContract({ ...mint, account: chain.deployer });
  };
  for (const { account: own } of personas) {
    await chain.client.setBalance({ address: own.address, value: 10n ** 18n });
    await fund(own.address);
  }

  const config = {
    ...{ chainId: record.chainId, rpcUrl: chain.url, signerUrl: signer.url, indexerUrl: indexer.url },
    ...{
      sale: record.sale,
      termsHash: record.termsHash as string,
      startBlock: record.startBlock,
      local: true,
    },
    launch: {
      ...{ name: tokenName, symbol, decimals: 18 },
      ...{ currencySymbol: "USDC", currencyDecimals: 6 },
    },
    allocations,
    personas: personas.map(({ name, note, account: own }) => ({
      ...{ name, note, address: own.address, privateKey: keyOf(own) },
    })),
  };
  const configFile = write("page.json", stringify(config));
  const webRoot = join(folder, "web");
  mkdirSync(webRoot, { recursive: true });
  await buildPage({ outDir: webRoot, ...built });
  writeFileSync(join(webRoot, "paper.txt"), PAPER);
  const page = await start("src/web/serve.ts", {
    ...{ PORT: String(pagePort), CONFIG_FILE: configFile, WEB_ROOT: webRoot },
  });

  async function positionOf(buyer: Address) {
    const [paid, claimed, nonce] = await chain.client.readContract({
      ...{ address: record.sale, abi: saleAbi, functionName: "positionOf", args: [buyer] },
    } as const);
    return { paid, claimed, nonce };
  }

  return {
    ...{ chain, record, named, signer, indexer, url: page.url, webRoot },
    /** Changes what the page is served as its configuration; undo by calling it with nothing. */
    setConfig: (change: Partial<typeof config> & { platform?: Address; identityUrl?: string } = {}) => {
      writeFileSync(configFile, stringify({ ...config, ...change }));
    },
    positionOf,
    /** Has a page read these instead of what the indexer says of its copy. */
    pretendStats: async (page: Page, stats: Partial<SaleStats>) => {
      await page.route(`${indexer.url}/v1/sales/*/events`, (route) => route.abort());
      await page.route(`${indexer.url}/v1/sales/${record.sale}`, async (route) => {
        const response = await route.fetch();
        const json = { ...((await response.json()) as SaleStats), ...stats };
        await route.fulfill({ response, json });
      });
    },
    /** A wallet of another person, who may buy, with money. */
    approve: async (wallet: Address) => {
      const person = write(
        "person.csv",
        `${header}\n${wallet},person-${wallet},DE,public,approved,${decidedAt}\n`,
      );
      await runCommand(["src/signer/main.ts", "import", person], signerEnv);
      await fund(wallet);
    },
    /** A key of the signer's with these scopes, made as its operator does. */
    operatorKey: async (...scopes: string[]) =>
      (await runCommand(["src/signer/main.ts", "key", "create", "Olga", ...scopes], signerEnv)).trim(),
    /** Resolves when the chain has this buyer's position so. */
    untilPosition: async (buyer: Address, wanted: { paid?: bigint; claimed?: bigint }) => {
      const end = Date.now() + 20_000;
      for (;;) {
        const position = await positionOf(buyer);
        const { paid, claimed } = position;
        if ((wanted.paid ?? paid) === paid && (wanted.claimed ?? claimed) === claimed) return;
        if (Date.now() > end) throw new Error(`the position stays ${stringify(position)}`);
        await new Promise((done) => setTimeout(done, 50));
      }
    },
    close: async () => {
      await Promise.all(running.map((service) => service.stop()));
      await chain.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function keyOf(account: HDAccount): Hex {
  return bytesToHex(account.getHdKey().privateKey ?? new Uint8Array());
}
