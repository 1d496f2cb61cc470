// npm run prove -- crash [--rounds N] [--seed S] [--json]: kill -9 of the service, of PostgreSQL, of both, while buyers
// order; each time everything that was acknowledged must be there, once, and the same key must give the same bytes.
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import hre from "hardhat";
import { Client } from "pg";
import type { Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { startPostgres } from "../src/database/startPostgres.ts";
import { createSignerClient, SignerProblem } from "../src/sdk/signerClient.ts";
import type { Session } from "../src/sdk/signerApi.ts";
import { wholeNumber } from "../scripts/wholeNumber.ts";
import { temporaryDirectory } from "../test/support/postgres.ts";
import { seededRandom } from "../test/support/seededRandom.ts";
import { PAGE, startSignerLaunch, UNIT } from "../test/support/signerLaunch.ts";
import { runSigner, startSignerProcess, type SignerProcess } from "../test/support/signerProcess.ts";
import { createBooks, type KeptOrder } from "./crash/createBooks.ts";
import { killDatabase } from "./crash/killDatabase.ts";

const BUYERS = 40;
const VICTIMS = ["service", "database", "both"] as const;
const RETRY_MS = 50;
const GIVE_UP_MS = 60_000;

type Buyer = { account: PrivateKeyAccount; session: Session; open: Hex | undefined };

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "100" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  const rounds = wholeNumber("--rounds", values.rounds);
  const random = seededRandom(wholeNumber("--seed", values.seed));
  await hre.tasks.getTask("build").run({ noTests: true, quiet: true });

  const directory = temporaryDirectory();
  const launch = await startSignerLaunch({ personCap: 100_000n * UNIT });
  let postgres = await startPostgres({ directory });
  const databaseUrl = await postgres.createDatabase({ name: "crash", role: "crash" });
  const env = { ...launch.env, DATABASE_URL: databaseUrl };
  const books = createBooks();
  const services: SignerProcess[] = [];
  const start = async (): Promise<SignerProcess> => {
    const started = await startSignerProcess(env);
    services.push(started);
    return started;
  };

  try {
    const accounts = Array.from({ length: BUYERS }, () => privateKeyToAccount(generatePrivateKey()));
    const decidedAt = new Date().toISOString();
    const people = accounts.map(({ address }) => `${address},p-${address},DE,public,approved,${decidedAt}`);
    const header = "wallet,subject,country,tier,decision,decidedAt";
    const file = launch.write("people.csv", [header, ...people, ""].join("\n"));
    const imported = await runSigner(["import", file], env);
    if (imported.code !== 0) throw new Error(imported.stderr);
    let service = await start();
    const { url } = service;
    const buyers = await Promise.all(accounts.map((account) => signIn(url, account)));

    for (let round = 1; round <= rounds; round++) {
      const victim = VICTIMS[round % VICTIMS.length] ?? "both";
      const killAfter = Math.floor(random() * BUYERS);
      const running: SignerProcess = service;
      let given = 0;
      let killing: Promise<void> | undefined;
      const crash = async (): Promise<void> => {
        if (victim !== "database") running.kill("SIGKILL");
        if (victim !== "service") await killDatabase(postgres.adminUrl);
      };

      const placed = buyers.map((buyer) => {
        const key = generatePrivateKey().slice(2, 34);
        books.sent(key);
        const cumulativeCap = BigInt(round) * UNIT;
        const order = {
          nonce: 0n,
          cumulativeCap,
          ...(buyer.open === undefined ? {} : { supersedes: buyer.open }),
        };
        return { buyer, key, order };
      });
      await Promise.all(
        placed.map(async ({ buyer, key, order }) => {
          try {
            const { bytes } = await createSignerClient({ url: running.url })
              .resume(buyer.session)
              .createOrder(key, order);
            books.acknowledged(key, bytes);
            given += 1;
          } catch {
            // Cut off: what became of it is asked below.
          }
          if (given >= killAfter) killing ??= crash();
        }),
      );
      await (killing ?? crash());
      if (victim !== "database") await running.ended;
      if (victim !== "service") {
        await postgres.stopped;
        postgres = await startPostgres({ directory });
      }
      service = victim === "database" ? running : await start();

      const client = createSignerClient({ url: service.url });
      await Promise.all(
        placed.map(async ({ buyer, key, order }) => {
          const again = await healed(() => client.resume(buyer.session).createOrder(key, order));
          books.replayed(key, again.bytes);
          buyer.open = again.order.orderId;
        }),
      );
      for (const problem of books.compare(await keptOrders(databaseUrl)))
        console.log(`✗ round ${String(round)}, ${victim}: ${problem}`);
      if (round % 10 === 0) console.log(`  ${String(round)} of ${String(rounds)} rounds`);
    }
  } finally {
    for (const one of services) one.kill("SIGKILL");
    await Promise.all(services.map(({ ended }) => ended));
    await postgres.stop();
    await launch.close();
    rmSync(directory, { recursive: true, force: true });
  }

  const { acknowledged, lost, doubled, differentReplays } = books.totals();
  console.log(
    `${String(rounds)} rounds: ${String(acknowledged)} acknowledged before a kill, ${String(lost)} lost, ` +
      `${String(doubled)} doubled, ${String(differentReplays)} with other bytes`,
  );
  if (values.json) console.log(JSON.stringify({ rounds, acknowledged, lost, doubled, differentReplays }));
  if (acknowledged === 0 || lost + doubled + differentReplays > 0) process.exitCode = 1;
}

async function signIn(url: string, account: PrivateKeyAccount): Promise<Buyer> {
  const { session } = await createSignerClient({ url }).login({
    ...{ wallet: account.address, chainId: 31337, origin: PAGE },
    signMessage: (message) => account.signMessage({ message }),
  });
  return { account, session, open: undefined };
}

/** As a page does it: the same key again while the service says that it cannot now. */
async function healed<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + GIVE_UP_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const passing = !(error instanceof SignerProblem) || error.retryable;
      if (!passing || performance.now() > end) throw error;
      await new Promise((done) => setTimeout(done, RETRY_MS));
    }
  }
}

async function keptOrders(databaseUrl: string): Promise<KeptOrder[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<KeptOrder>(
      `SELECT o.key, o.order_id AS "orderId", o.buyer, o.nonce::text, o.superseded_by IS NULL AS open,
              (SELECT count(*)::int FROM slipway_signer.vouchers v WHERE v.order_id = o.order_id) AS vouchers
       FROM slipway_signer.orders o`,
    );
    return rows;
  } finally {
    await client.end();
  }
}
