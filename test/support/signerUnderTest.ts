import { pino } from "pino";
import type { Address, Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { migrate, readMigrations } from "../../src/database/migrate.ts";
import { createPool } from "../../src/database/pool.ts";
import { createSignerClient, type SignerSession } from "../../src/sdk/signerClient.ts";
import type { Decision } from "../../src/sdk/signerApi.ts";
import { readConfig } from "../../src/signer/config.ts";
import { createService } from "../../src/signer/createService.ts";
import { importSubjects } from "../../src/signer/kyc/importSubjects.ts";
import { readDatabaseNow } from "../../src/signer/store/createDatabaseClock.ts";
import { testDatabase } from "./postgres.ts";
import { PAGE, type SignerLaunch } from "./signerLaunch.ts";

export type SignerUnderTest = Awaited<ReturnType<typeof startSigner>>;

/** The real service over real HTTP and PostgreSQL, its database time moved by `shift` seconds, or standing still. */
export async function startSigner(
  launch: SignerLaunch,
  {
    databaseUrl,
    env = {},
    requestTimeoutMs,
  }: { databaseUrl?: string; env?: Record<string, string>; requestTimeoutMs?: number } = {},
) {
  const url = databaseUrl ?? (await testDatabase());
  const pool = createPool({ connectionString: url, applicationName: "signer-under-test" });
  await migrate(pool, readMigrations(new URL("../../src/signer/store/migrations", import.meta.url).pathname));
  const clock: { shift: number; still: number | undefined } = { shift: 0, still: undefined };
  const databaseNow = async () => clock.still ?? (await readDatabaseNow(pool)) + clock.shift;
  const config = await readConfig({ ...launch.env, ...env });
  await config.secrets.note(pool);
  const { app, purge, watch } = createService({
    config,
    pool,
    databaseNow,
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
    logger: pino({ level: process.env["SIGNER_LOG"] ?? "silent" }),
  });
  const base = await app.listen({ host: "127.0.0.1", port: 0 });
  const client = createSignerClient({ url: base });

  const login = (account: PrivateKeyAccount): Promise<SignerSession> =>
    client.login({
      ...{ wallet: account.address, chainId: launch.record.chainId, origin: PAGE },
      signMessage: (message) => account.signMessage({ message }),
    });
  const decide = async (
    wallet: Address,
    {
      subject = `person-${wallet}`,
      country = "DE",
      tier = "public",
      decision = "approved",
      decidedAt = new Date(),
    }: { subject?: string; country?: string; tier?: string; decision?: Decision; decidedAt?: Date } = {},
  ) =>
    importSubjects({
      ...{ pool, policy: launch.record.policy, now: new Date() },
      text: `wallet,subject,country,tier,decision,decidedAt\n${[wallet, subject, country, tier, decision, decidedAt.toISOString()].join(",")}\n`,
    });

  return {
    ...{
      url: base,
      databaseUrl: url,
      pool,
      secrets: config.secrets,
      client,
      clock,
      databaseNow,
      purge,
      watch,
      login,
      decide,
    },
    /** A new wallet of a person that may buy, signed in. */
    async buyer(person: Parameters<typeof decide>[1] = {}) {
      const account = privateKeyToAccount(generatePrivateKey());
      await decide(account.address, person);
      return { account, address: account.address, session: await login(account) };
    },
    /** A plain request; the body as it is given. */
    async ask(
      method: string,
      path: string,
      {
        token,
        body,
        headers = {},
      }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
    ) {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : {
              body:
                typeof body === "string" || body instanceof Uint8Array
                  ? (body as BodyInit)
                  : JSON.stringify(body),
            }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: parse(text) };
    },
    async close() {
      await app.close();
      await pool.end();
    },
  };
}

export function newKey(): string {
  return generatePrivateKey().slice(2, 34);
}

export function newAccount(): PrivateKeyAccount {
  return privateKeyToAccount(generatePrivateKey());
}

/** The code that a refusal carries; "passed" where there was none. */
export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "passed";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

function parse(text: string): Record<string, unknown> & { code?: string; orderId?: Hex } {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
