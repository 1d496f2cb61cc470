import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, resolve } from "node:path";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { createPublicClient, createWalletClient, http } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { LOCAL_CHAIN_ID } from "../../../deploy/chains.ts";
import { readRecord } from "../../../deploy/readRecord.ts";
import { systemClock } from "../../chain/clock.ts";
import { applyPlan } from "../../launch/apply/applyPlan.ts";
import { openJournal } from "../../launch/apply/openJournal.ts";
import { launchError } from "../../launch/launchErrors.ts";
import { servicePackages } from "../../launch/local/servicePackages.ts";
import { startServices, type LocalServices } from "../../launch/local/startServices.ts";
import { makePlan } from "../../launch/plan/makePlan.ts";
import { readLaunchFile } from "../../launch/readLaunchFile.ts";
import { stringifyRecord } from "../../sdk/json.ts";
import { accountOf, localKeys } from "../accountOf.ts";
import { clientOf } from "../forkOf.ts";
import { runTask } from "./runTask.ts";

const DAY_MS = 86_400_000;

type Arguments = {
  file: string;
  port: number;
  pagePort: number;
  chainOnly: boolean;
  once: boolean;
  json: boolean;
};

/**
 * `launch local`: a chain on this machine, the day before the sale opens, with the launch deployed on it; signer, indexer and
 * page, where their packages are installed and the sale asks for vouchers.
 */
const local: NewTaskActionFunction<Arguments> = async (
  { file, port, pagePort, chainOnly, once, json },
  hre,
) => {
  const undo: (() => Promise<void>)[] = [];
  let services: LocalServices | undefined;
  try {
    const started = await runTask({
      json,
      work: async () => {
        const launch = await readLaunchFile(resolve(file));
        if (launch.chainId !== LOCAL_CHAIN_ID)
          throw launchError("wrong-chain", `chainId is ${launch.chainId}`);
        const packages = chainOnly ? undefined : servicePackages(".");
        const ports = packages === undefined ? [port] : [port, pagePort, pagePort + 1, pagePort + 2];
        if (new Set(ports).size < ports.length) throw launchError("port-busy", `${String(port)} twice`);
        for (const each of ports) await requireFree(each);
        const initialDate = new Date(Number(launch.sale.opensAt) * 1000 - DAY_MS);
        const override = { initialDate, allowBlocksWithSameTimestamp: true };
        const server = await hre.network.createServer({ network: "default", override }, "127.0.0.1", port);
        const { port: taken } = await server.listen();
        undo.push(() => server.close());
        const at = (one: number) => `http://127.0.0.1:${String(one)}`;
        const url = at(taken);

        const trial = await hre.network.create({ network: "default", override });
        const account = await accountOf(trial);
        const plan = await makePlan({
          launch,
          file,
          sender: account.address,
          chain: clientOf(trial.provider),
        });
        await trial.close();
        const journalFile = resolve(".slipway/local.journal");
        await mkdir(dirname(journalFile), { recursive: true });
        await rm(journalFile, { force: true }); // of a chain that is gone
        const chain = createPublicClient({ transport: http(url), cacheTime: 0 });
        const journal = await openJournal(journalFile, plan.hash);
        await applyPlan({ plan, chain, account, journal, clock: systemClock, pollMs: 20 });

        const recordFile = resolve(".slipway/launch.json");
        const record = await readRecord({ launch, client: chain });
        await writeFile(recordFile, stringifyRecord(record));
        const where = { url, sale: record.sale, token: record.token, record: recordFile };
        if (packages === undefined) return where;

        const keys = localKeys();
        const [page, signer, indexer] = [at(pagePort), at(pagePort + 1), at(pagePort + 2)];
        services = await startServices({
          ...{
            launch,
            record,
            recordFile,
            packages,
            folder: resolve(`.slipway/local-${String(pagePort)}`),
            keys,
          },
          signerKey: keys.find((key) => privateKeyToAddress(key) === record.terms.roles.signer),
          urls: { chain: url, page, signer, indexer },
          wallet: createWalletClient({ transport: http(url) }),
        });
        undo.push(services.stop);
        const { operatorKey } = services;
        return {
          ...{ ...where, page, indexer },
          ...(operatorKey === undefined ? {} : { signer, operatorKey }),
        };
      },
      words: (told) => [...linesOf(told, chainOnly), ...triesOf(told, file)].join("\n"),
    });
    if (started !== undefined && !once) {
      console.error(`Ctrl-C stops ${services === undefined ? "the chain" : "everything"}.`);
      const signal = new Promise<undefined>((stop) => {
        for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop(undefined));
      });
      const died = await Promise.race([signal, ...(services === undefined ? [] : [services.ended])]);
      if (died !== undefined) {
        console.error(`✗ the ${died} has ended; everything is stopped`);
        process.exitCode = 1;
      }
    }
  } finally {
    for (const each of undo.reverse()) await each();
  }
};

export default local;

const WITHOUT =
  "Without signer, indexer and page, which need @slipway/signer, @slipway/indexer and @slipway/web, and PostgreSQL from npm";
const NO_SIGNER = "none: roles.signer is no account of the local node, or the sale asks for no vouchers";

type Told = Record<"url" | "sale" | "token" | "record", string> &
  Partial<Record<"page" | "signer" | "indexer" | "operatorKey", string>>;

function linesOf(
  { url, sale, token, record, page, indexer, signer, operatorKey }: Told,
  chainOnly: boolean,
): string[] {
  const chain = [`Chain    ${url}`, `Sale     ${sale}`, `Token    ${token}`, `Record   ${record}`];
  if (page === undefined) return chainOnly ? chain : [...chain, WITHOUT];
  return [
    `Page     ${page}  (wallets are built in; nothing here is worth anything)`,
    `Signer   ${signer === undefined ? NO_SIGNER : `${signer}  operator’s key ${operatorKey ?? ""}`}`,
    `Indexer  ${indexer ?? ""}`,
    ...chain,
  ];
}

/** What to do next, as it is typed. */
function triesOf({ page, signer, indexer }: Told, file: string): string[] {
  const on = "--network localhost --record .slipway/launch.json";
  const status = `Try: npx hardhat launch status ${on}`;
  if (page === undefined || signer === undefined || indexer === undefined) return [status];
  const services = `--signer ${signer} --indexer ${indexer} --page ${page}`;
  return [status, `     npx hardhat launch doctor ${on} --launch ${file} ${services}`];
}

/** Throws `port-busy`; Hardhat's own server would end the process. */
function requireFree(port: number): Promise<void> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", (cause) => {
      fail(launchError("port-busy", String(port), { cause }));
    });
    probe.listen(port, "127.0.0.1", () => probe.close(() => done()));
  });
}
