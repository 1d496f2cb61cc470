import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, resolve } from "node:path";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { createPublicClient, http } from "viem";
import { LOCAL_CHAIN_ID } from "../../../deploy/chains.ts";
import { readRecord } from "../../../deploy/readRecord.ts";
import { systemClock } from "../../chain/clock.ts";
import { applyPlan } from "../../launch/apply/applyPlan.ts";
import { openJournal } from "../../launch/apply/openJournal.ts";
import { launchError } from "../../launch/launchErrors.ts";
import { makePlan } from "../../launch/plan/makePlan.ts";
import { readLaunchFile } from "../../launch/readLaunchFile.ts";
import { stringifyRecord } from "../../sdk/json.ts";
import { accountOf } from "../accountOf.ts";
import { clientOf } from "../forkOf.ts";
import { runTask } from "./runTask.ts";

const DAY_MS = 86_400_000;

/** `launch local`: a chain on this machine, the day before the sale opens, with the launch deployed on it. */
const local: NewTaskActionFunction<{ file: string; port: number; once: boolean; json: boolean }> = async (
  { file, port, once, json },
  hre,
) => {
  let end: (() => Promise<void>) | undefined;
  const started = await runTask({
    json,
    work: async () => {
      const launch = await readLaunchFile(resolve(file));
      if (launch.chainId !== LOCAL_CHAIN_ID) throw launchError("wrong-chain", `chainId is ${launch.chainId}`);
      await requireFree(port);
      const initialDate = new Date(Number(launch.sale.opensAt) * 1000 - DAY_MS);
      const override = { initialDate, allowBlocksWithSameTimestamp: true };
      const server = await hre.network.createServer({ network: "default", override }, "127.0.0.1", port);
      const { port: taken } = await server.listen();
      end = () => server.close();
      const url = `http://127.0.0.1:${String(taken)}`;

      const trial = await hre.network.create({ network: "default", override });
      const account = await accountOf(trial);
      const plan = await makePlan({ launch, file, sender: account.address, chain: clientOf(trial.provider) });
      await trial.close();
      const journalFile = resolve(".slipway/local.journal");
      await mkdir(dirname(journalFile), { recursive: true });
      await rm(journalFile, { force: true }); // of a chain that is gone
      const chain = createPublicClient({ transport: http(url), cacheTime: 0 });
      const journal = await openJournal(journalFile, plan.hash);
      await applyPlan({ plan, chain, account, journal, clock: systemClock, pollMs: 20 });

      const record = resolve(".slipway/launch.json");
      const { sale, token, ...rest } = await readRecord({ launch, client: chain });
      await writeFile(record, stringifyRecord({ ...rest, sale, token }));
      return { url, sale, token, record };
    },
    words: ({ url, sale, token, record }) =>
      `Chain ${url}\nSale  ${sale}\nToken ${token}\nRecord ${record}\nTry: npx hardhat launch status --network localhost --record .slipway/launch.json`,
  });
  if (started !== undefined && !once) {
    console.error("Ctrl-C stops the chain.");
    await new Promise((stop) => process.once("SIGINT", stop));
  }
  await end?.();
};

export default local;

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
