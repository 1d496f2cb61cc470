import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { Address, Hex, LocalAccount } from "viem";
import { readRecord } from "../../../deploy/readRecord.ts";
import { systemClock } from "../../chain/clock.ts";
import { applyPlan, type ApplyEvent } from "../../launch/apply/applyPlan.ts";
import { openJournal } from "../../launch/apply/openJournal.ts";
import { parsePlan, type ApprovedPlan } from "../../launch/apply/parsePlan.ts";
import { requireSame } from "../../launch/apply/requireSame.ts";
import { launchError } from "../../launch/launchErrors.ts";
import { makePlan } from "../../launch/plan/makePlan.ts";
import { readLaunchFile } from "../../launch/readLaunchFile.ts";
import { builderFile } from "../../launch/safe/builderFile.ts";
import { safeBatches, type Broadcast, type SafeBatch } from "../../launch/safe/safeBatches.ts";
import { parseAddress } from "../../sdk/launchFile/parseValues.ts";
import { stringifyRecord } from "../../sdk/json.ts";
import { accountOf } from "../accountOf.ts";
import { clientOf, forkOf } from "../forkOf.ts";
import { defaultRecord } from "../openLaunch.ts";
import { sayCompiling } from "../sayCompiling.ts";
import { given } from "./given.ts";
import { runTask } from "./runTask.ts";

export type ApplyArguments = {
  plan: string;
  journal: string;
  record: string;
  confirmations: number;
  safe: string;
  json: boolean;
};

type Applied = { hash: Hex; sent: Hex[]; sale: Address; token: Address; record: string };
/** What the owners of a Safe sign next, in order. */
type Proposed = { hash: Hex; safe: Address; batches: ({ file?: string } & (SafeBatch | Broadcast))[] };

/** `launch apply`: exactly the plan, which may be killed and run again at any moment. */
const apply: NewTaskActionFunction<ApplyArguments> = (options, hre) =>
  runTask({
    json: options.json,
    work: () => applyApproved(options, hre),
    words: (result) => ("batches" in result ? describeProposed(result) : describeApplied(result)),
  });

export default apply;

async function applyApproved(
  options: ApplyArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<Applied | Proposed> {
  const path = resolve(options.plan);
  const safe = options.safe === "" ? undefined : given("--safe", parseAddress(options.safe));
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
    const account = safe === undefined ? await accountOf(connection) : undefined;
    const fork = await forkOf(hre, safe ?? account?.address);
    const plan = await makePlan({ launch, file, sender: fork.sender, chain: fork.chain }).finally(() =>
      fork.close(),
    );
    requireSame(approved, plan);

    const chain = clientOf(connection.provider);
    const batches = safe === undefined ? [] : await safeBatches({ plan, safe, chain });
    if (safe !== undefined && batches.length > 0) return await propose({ plan, safe, batches, path });
    const sent = account === undefined ? [] : await send(account);

    const record = await readRecord({ launch, client: chain });
    const recordFile = resolve(options.record || defaultRecord(hre, launch.chainId));
    await mkdir(dirname(recordFile), { recursive: true });
    await writeFile(recordFile, stringifyRecord(record));
    return { hash: plan.hash, sent, sale: record.sale, token: record.token, record: recordFile };

    async function send(by: LocalAccount): Promise<Hex[]> {
      const journal = await openJournal(resolve(options.journal || `${path}.journal`), plan.hash);
      const { confirmations } = options;
      const on = options.json ? () => undefined : say(plan.transactions.length);
      return (await applyPlan({ plan, chain, account: by, journal, clock: systemClock, confirmations, on }))
        .sent;
    }
  } finally {
    await connection.close();
  }
}

/** Writes a file of each batch beside the plan. */
async function propose({
  plan: { hash, chainId },
  safe,
  batches,
  path,
}: {
  plan: ApprovedPlan;
  safe: Address;
  batches: readonly (SafeBatch | Broadcast)[];
  path: string;
}): Promise<Proposed> {
  const proposed: Proposed = { hash, safe, batches: [] };
  for (const batch of batches) {
    if (batch.kind === "broadcast") {
      proposed.batches.push(batch);
      continue;
    }
    const file = `${path}.safe-${String(batch.nonce)}.json`;
    const name = `Launch plan ${hash.slice(0, 10)}, nonce ${String(batch.nonce)}`;
    const json = builderFile({ batch, chainId, safe, name, createdAt: systemClock.now() });
    await writeFile(file, `${JSON.stringify(json, null, 2)}\n`);
    proposed.batches.push({ ...batch, file });
  }
  return proposed;
}

function describeProposed({ safe, batches }: Proposed): string {
  const each = batches.map((batch) =>
    batch.kind === "broadcast"
      ? [`Anybody broadcasts: ${batch.words}`, `  ${batch.raw}`]
      : [
          `${batch.file ?? ""}: ${String(batch.steps.length)} transactions`,
          `  nonce ${String(batch.nonce)}, Safe transaction hash ${batch.safeTxHash}`,
          ...batch.steps.map(({ words }) => `  ${words}`),
        ],
  );
  return [
    `For the owners of ${safe}, in this order; nothing was sent:`,
    ...each.flat(),
    "Load each in the Safe's Transaction Builder, compare nonce and hash before you sign, and execute it. Then run this again: it writes the launch's record.",
  ].join("\n");
}

function describeApplied({ sent, sale, token, record }: Applied): string {
  const done =
    sent.length === 0 ? "Everything was done already." : `${String(sent.length)} transactions sent.`;
  return `${done}\nSale  ${sale}\nToken ${token}\nRecord of the launch: ${record}`;
}

function say(count: number): (event: ApplyEvent) => void {
  return ({ step, words, what, hash }) => {
    if (what === "signed" || what === "journalled") return;
    console.log(
      `${String(step + 1).padStart(3)}/${String(count)} ${what.padEnd(10)} ${words} ${hash ?? ""}`.trimEnd(),
    );
  };
}
