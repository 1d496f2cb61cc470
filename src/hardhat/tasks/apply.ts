import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { Address, Hex } from "viem";
import { readRecord } from "../../../deploy/readRecord.ts";
import { systemClock } from "../../chain/clock.ts";
import { applyPlan, type ApplyEvent } from "../../launch/apply/applyPlan.ts";
import { openJournal } from "../../launch/apply/openJournal.ts";
import { parsePlan } from "../../launch/apply/parsePlan.ts";
import { requireSame } from "../../launch/apply/requireSame.ts";
import { launchError } from "../../launch/launchErrors.ts";
import { makePlan } from "../../launch/plan/makePlan.ts";
import { readLaunchFile } from "../../launch/readLaunchFile.ts";
import { stringifyRecord } from "../../sdk/json.ts";
import { accountOf } from "../accountOf.ts";
import { clientOf, forkOf } from "../forkOf.ts";
import { defaultRecord } from "../openLaunch.ts";
import { sayCompiling } from "../sayCompiling.ts";
import { runTask } from "./runTask.ts";

export type ApplyArguments = {
  plan: string;
  journal: string;
  record: string;
  confirmations: number;
  json: boolean;
};

type Applied = { hash: Hex; sent: Hex[]; sale: Address; token: Address; record: string };

/** `launch apply`: exactly the plan, which may be killed and run again at any moment. */
const apply: NewTaskActionFunction<ApplyArguments> = (options, hre) =>
  runTask({
    json: options.json,
    work: () => applyApproved(options, hre),
    words: ({ sent, sale, token, record }) =>
      `${sent.length === 0 ? "Everything was done already." : `${String(sent.length)} transactions sent.`}\nSale  ${sale}\nToken ${token}\nRecord of the launch: ${record}`,
  });

export default apply;

async function applyApproved(options: ApplyArguments, hre: HardhatRuntimeEnvironment): Promise<Applied> {
  const path = resolve(options.plan);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw launchError("plan-unreadable", path, { cause });
  });
  const approved = parsePlan(text);
  const file = resolve(dirname(path), approved.file);
  const launch = await readLaunchFile(file);
  sayCompiling();
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });

  const connection = await hre.network.create();
  try {
    if (connection.networkConfig.type === "edr-simulated") {
      throw launchError("no-lasting-chain", connection.networkName);
    }
    const account = await accountOf(connection);
    const fork = await forkOf(hre);
    const plan = await makePlan({ launch, file, sender: account.address, chain: fork.chain }).finally(() =>
      fork.close(),
    );
    requireSame(approved, plan);

    const chain = clientOf(connection.provider);
    const journal = await openJournal(resolve(options.journal || `${path}.journal`), plan.hash);
    const { confirmations } = options;
    const { sent } = await applyPlan({
      ...{ plan, chain, account, journal, clock: systemClock, confirmations },
      on: options.json ? () => undefined : say(plan.transactions.length),
    });

    const record = await readRecord({ launch, client: chain });
    const recordFile = resolve(options.record || defaultRecord(hre, launch.chainId));
    await mkdir(dirname(recordFile), { recursive: true });
    await writeFile(recordFile, stringifyRecord(record));
    return { hash: plan.hash, sent, sale: record.sale, token: record.token, record: recordFile };
  } finally {
    await connection.close();
  }
}

function say(count: number): (event: ApplyEvent) => void {
  return ({ step, words, what, hash }) => {
    if (what === "signed" || what === "journalled") return;
    console.log(
      `${String(step + 1).padStart(3)}/${String(count)} ${what.padEnd(10)} ${words} ${hash ?? ""}`.trimEnd(),
    );
  };
}
