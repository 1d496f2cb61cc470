// npm run bench -- signer [--requests N] [--kms-quota N] [--json]: vouchers a second of the service with PostgreSQL, each for
// another person, asked for by a second process; beside it the same service with everything in memory, the statement alone,
// and the service with its key in AWS KMS, a fake with a quota.
import { spawn } from "node:child_process";
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Pool } from "pg";
import { getAddress, zeroAddress, type Hex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { wholeNumber } from "../scripts/wholeNumber.ts";
import { databaseFor } from "../src/database/databaseFor.ts";
import { migrate, readMigrations } from "../src/database/migrate.ts";
import { createPool } from "../src/database/pool.ts";
import { stringifyRecord } from "../src/sdk/json.ts";
import type { LaunchRecord } from "../src/sdk/launchRecord.ts";
import { policyHash } from "../src/sdk/policy.ts";
import { termsHash } from "../src/sdk/terms.ts";
import { createFirstOrderStore } from "../src/signer/store/firstOrders.ts";
import { openTerms } from "../test/support/indexerChain.ts";
import { testDatabase } from "../test/support/postgres.ts";
import { rawKey } from "../test/support/signedRequest.ts";
import { startProgram, type SignerProcess } from "../test/support/signerProcess.ts";
import { startFakeKms } from "./signer/fakeKms.ts";
import type { LoadSetting, Measured } from "./signer/load.ts";
import { hashOfToken, personOf } from "./signer/people.ts";
import { startSyntheticSale } from "./signer/syntheticSale.ts";

const SALE = getAddress("0x5a1e000000000000000000000000000000000001");
const CONNECTIONS = 64;
const WARM_UP = 3_000;
const BATCH = 64;
/** AWS KMS is asked for so long, at its quota. */
const KMS_SECONDS = 10;
const KMS_WARM_UP = 50;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      requests: { type: "string", default: "20000" },
      "kms-quota": { type: "string", default: "300" },
      json: { type: "boolean", default: false },
    },
  });
  const kmsQuota = wholeNumber("--kms-quota", values["kms-quota"]);
  const kmsRequests = kmsQuota * KMS_SECONDS;
  const requests = wholeNumber("--requests", values.requests);
  const each = WARM_UP + requests;
  const people = 3 * each + KMS_WARM_UP + kmsRequests;

  const folder = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const signerKey: Hex = `0x${randomBytes(32).toString("hex")}`;
  const partner = generateKeyPairSync("ed25519");
  const record = recordOf(privateKeyToAddress(signerKey));
  const sale = await startSyntheticSale(record);
  const databaseUrl = await testDatabase();
  const env = {
    ...{ RPC_URL: sale.url, PORT: "0", FINALITY_DEPTH: "8", SIWE_DOMAIN: "sale.example" },
    LAUNCH_RECORD: write("launch.json", stringifyRecord(record)),
    SIGNER_KEY_FILE: write("signer.key", `${signerKey}\n`),
    SANCTIONS_FILE: write("sanctions.txt", "0x00000000000000000000000000000000000bad00\n"),
    PARTNERS_FILE: write(
      "partners.json",
      JSON.stringify([{ id: "exchange", publicKey: rawKey(partner.publicKey) }]),
    ),
    ...{ DATABASE_URL: databaseUrl, PEOPLE: String(people) },
  };
  const { url } = await databaseFor("signer", { DATABASE_URL: databaseUrl });
  const pool = createPool({ connectionString: url, applicationName: "bench" });
  const running = new Set<SignerProcess>();
  process.once("exit", () => {
    for (const one of running) one.kill("SIGKILL");
  });
  const partnerKey = String(partner.privateKey.export({ format: "pem", type: "pkcs8" }));
  const signed = { partnerKey };

  try {
    await migrate(pool, readMigrations(here("../src/signer/store/migrations")));
    await insertPeople(pool, people);
    const load = async (program: string, from: number, by: { partnerKey?: string }): Promise<Loaded> => {
      const service = await startProgram([program], env);
      running.add(service);
      const setting = { url: service.url, sale: SALE, from, count: requests, warmUp: WARM_UP };
      const before = cpuMsOf(service.pid);
      const measured = await measure({ ...setting, connections: CONNECTIONS, ...by });
      const cpuUsEach = Math.round(((cpuMsOf(service.pid) - before) * 1000) / each);
      service.kill("SIGKILL");
      await service.ended;
      running.delete(service);
      return { ...measured, cpuUsEach };
    };
    const [service, memory] = ["src/signer/main.ts", "bench/signer/withoutDatabase.ts"];
    const row = ({ perSecond, p50Ms, p99Ms, cpuUsEach }: Loaded, bare: Loaded) => ({
      ...{ vouchersPerSecond: perSecond, p50Ms, p99Ms, noDatabasePerSecond: bare.perSecond },
      ...{ cpuUsEach, noDatabaseCpuUsEach: bare.cpuUsEach },
      ratioNoDatabase: Number((perSecond / bare.perSecond).toFixed(3)),
    });
    const bySession = row(await load(service, 0, {}), await load(memory, 0, {}));
    const bySignature = row(await load(service, each, signed), await load(memory, each, signed));
    const byKms = await measureKms(3 * each);
    const bareStatementPerSecond = await bareStatement(pool, record, 2 * each, each);

    print("sessions", { ...bySession, bareStatementPerSecond });
    print("RFC 9421", bySignature);
    print("AWS KMS", byKms);
    if (values.json)
      console.log(
        JSON.stringify({ requests, ...bySession, bareStatementPerSecond, signed: bySignature, kms: byKms }),
      );

    /** The service with its key in KMS: a fake on loopback, which throttles as the real one does. */
    async function measureKms(from: number): Promise<Record<string, number>> {
      const kms = await startFakeKms(kmsQuota);
      const { SIGNER_KEY_FILE: _, ...others } = env;
      const signer = await startProgram(["src/signer/main.ts"], { ...others, ...kms.env });
      running.add(signer);
      const setting = { url: signer.url, sale: SALE, from, count: kmsRequests, warmUp: KMS_WARM_UP };
      const { perSecond, p50Ms, p99Ms } = await measure({
        ...{ ...setting, connections: CONNECTIONS, patient: true },
      });
      signer.kill("SIGKILL");
      await signer.ended;
      running.delete(signer);
      kms.close();
      return {
        ...{ vouchersPerSecond: perSecond, p50Ms, p99Ms, quotaPerSecond: kmsQuota },
        ratioQuota: Number((perSecond / kmsQuota).toFixed(3)),
      };
    }
  } finally {
    for (const one of running) one.kill("SIGKILL");
    await pool.end();
    sale.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the service's own process spent on each request: hardly anything to do with who else uses the cores. */
type Loaded = Measured & { cpuUsEach: number };

/** User and system time of a process; Linux only, in its ticks of 10 ms. */
function cpuMsOf(pid: number): number {
  const [, rest = ""] = /\) (.*)$/s.exec(readFileSync(`/proc/${String(pid)}/stat`, "utf8")) ?? [];
  const fields = rest.split(" ").map(Number);
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) * 10;
}

function recordOf(signer: Hex): LaunchRecord {
  const now = BigInt(Math.floor(Date.now() / 1000));
  const open = openTerms(now, zeroAddress, zeroAddress);
  const terms = {
    ...open,
    sale: { ...open.sale, voucherRequired: true },
    roles: { ...open.roles, signer, signerMaxCap: 10n ** 12n, signerMaxWindow: 3_600n },
  };
  const window = { opensAt: now - 60n, closesAt: now + 86_400n, voucherSeconds: 600n };
  const policy = {
    ...{ version: 1n, tiers: [{ id: "public", personCap: 10n ** 10n, ...window }] },
    ...{ deniedCountries: ["KP"], walletsPerPerson: 1n, decisionMaxAgeSeconds: 86_400n },
    requestsPerMinute: 100_000_000n,
  };
  const nowhere = { token: zeroAddress, currency: zeroAddress, venue: zeroAddress, vesting: zeroAddress };
  return {
    ...{ chainId: 31337, sale: SALE, ...nowhere, registry: zeroAddress, startBlock: 1n },
    ...{ terms, termsHash: termsHash(terms), policy, policyHash: policyHash(policy) },
  };
}

async function insertPeople(pool: Pool, count: number): Promise<void> {
  const all = Array.from({ length: count }, (_, number) => personOf(number));
  for (let from = 0; from < count; from += 10_000) {
    const some = all.slice(from, from + 10_000);
    const subjects = some.map(({ subject }) => subject);
    await pool.query(
      `INSERT INTO subjects (subject, country, tier, decision, decided_at)
       SELECT unnest($1::text[]), 'DE', 'public', 'approved', now()`,
      [subjects],
    );
    await pool.query("INSERT INTO wallets (wallet, subject) SELECT * FROM unnest($1::text[], $2::text[])", [
      some.map(({ wallet }) => wallet),
      subjects,
    ]);
    await pool.query(
      "INSERT INTO sessions SELECT hash, wallet, now() + '1 hour' FROM unnest($1::bytea[], $2::text[]) AS s (hash, wallet)",
      [some.map(({ token }) => hashOfToken(token)), some.map(({ wallet }) => wallet)],
    );
  }
  await pool.query("VACUUM ANALYZE");
}

/** The crowd in a process of its own. */
async function measure(setting: LoadSetting): Promise<Measured> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", here("signer/load.ts"), JSON.stringify(setting)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let text = "";
  child.stdout.on("data", (data: Buffer) => (text += data.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error("the crowd gave up");
  return JSON.parse(text) as Measured;
}

/** Orders a second of the committing statement alone, two at once. */
async function bareStatement(pool: Pool, record: LaunchRecord, from: number, count: number): Promise<number> {
  const { read, commit } = createFirstOrderStore(pool, record);
  const validUntil = BigInt(Math.floor(Date.now() / 1000)) + 600n;
  const batches: Parameters<typeof commit>[0][] = [];
  for (let begin = from; begin < from + count; begin += BATCH) {
    const wallets = Array.from({ length: Math.min(BATCH, from + count - begin) }, (_, index) =>
      getAddress(personOf(begin + index).wallet),
    );
    batches.push(
      (await read(wallets)).map((person, index) => ({
        ...{ subject: person?.subject ?? "", version: person?.version ?? 0n },
        orderId: `0x${createHash("sha256")
          .update(String(begin + index))
          .digest("hex")}`,
        ...{ principal: "bench", key: String(begin + index), buyer: wallets[index] ?? zeroAddress },
        ...{ nonce: 0n, cumulativeCap: 1_000_000n, fromBlock: 1n, validFrom: validUntil - 660n, validUntil },
      })),
    );
  }
  const started = performance.now();
  let next = 0;
  const worker = async (): Promise<number> => {
    let done = 0;
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++])
      done += (await commit(batch)).size;
    return done;
  };
  const placed = (await Promise.all([worker(), worker()])).reduce((a, b) => a + b);
  if (placed !== count) throw new Error(`${String(placed)} of ${String(count)} placed`);
  return Math.round((count * 1000) / (performance.now() - started));
}

function print(title: string, row: Record<string, number>): void {
  console.log(title);
  for (const [name, value] of Object.entries(row))
    console.log(`  ${name.padEnd(24)}${value.toLocaleString("en-US").padStart(10)}`);
}
