import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { isHex, size, toHex, type Hex } from "viem";
import { systemClock } from "../../chain/clock.ts";
import { drillDecisions, drillPeople } from "../../launch/drill/drillPeople.ts";
import { runDrill, type Drilled } from "../../launch/drill/runDrill.ts";
import { launchError } from "../../launch/launchErrors.ts";
import { createSignerClient } from "../../sdk/signerClient.ts";
import { runTask } from "./runTask.ts";

export type DrillArguments = {
  signer: string;
  page: string;
  rps: number;
  seconds: number;
  tier: string;
  country: string;
  seed: string;
  json: boolean;
};

type Prepared = { people: number; file: string; seed: string };

/** `launch drill`: the first time it writes people for the staging signer to import; then it asks for their vouchers. */
const drill: NewTaskActionFunction<DrillArguments> = async (options) => {
  const done = await runTask({
    json: options.json,
    work: () => drillOrPrepare(options),
    words: (result) => ("people" in result ? wordsOfPeople(result) : wordsOf(result)),
  });
  if (done !== undefined && "asked" in done && done.issued < done.asked) process.exitCode = 1;
};

export default drill;

async function drillOrPrepare(options: DrillArguments): Promise<Prepared | Drilled> {
  const { signer, page, rps, seconds } = options;
  if (rps < 1 || seconds < 1) throw launchError("usage", "--rps and --seconds: wanted 1 or more");
  const seedFile = resolve(options.seed);
  if (!existsSync(seedFile)) return prepare(options, seedFile);
  if (signer === "" || page === "")
    throw launchError("usage", "--signer <url> and --page <origin> are missing");
  return runDrill({
    signer: createSignerClient({ url: signer }),
    people: drillPeople(readSeed(seedFile), rps * seconds),
    ...{ page, perSecond: rps, clock: systemClock, newKey: () => randomBytes(16).toString("hex") },
  });
}

function prepare({ rps, seconds, tier, country }: DrillArguments, seedFile: string): Prepared {
  if (tier === "") throw launchError("usage", "--tier <id> is missing: the tier of the people to be written");
  const seed = toHex(randomBytes(32));
  const people = rps * seconds;
  const file = `${seedFile}.csv`;
  const decidedAt = new Date(systemClock.now());
  writeFileSync(file, drillDecisions(drillPeople(seed, people), { tier, country, decidedAt }));
  writeFileSync(seedFile, `${seed}\n`, { mode: 0o600, flag: "wx" });
  return { people, file, seed: seedFile };
}

function readSeed(path: string): Hex {
  const seed = readFileSync(path, "utf8").trim();
  if (isHex(seed) && size(seed) === 32) return seed;
  throw launchError("usage", `${path} is no seed of a drill`);
}

function wordsOfPeople({ people, file, seed }: Prepared): string {
  return [
    `${people} people are in ${file}, their keys follow from ${seed}.`,
    "Import them into the signer of your staging, never into another: whoever has the seed buys as they do.",
    "Then run the same command again.",
  ].join("\n");
}

function wordsOf({ asked, issued, vouchersPerSecond, p50Ms, p99Ms, refused }: Drilled): string {
  return [
    `${issued} of ${asked} vouchers, ${vouchersPerSecond} a second; half within ${p50Ms} ms, 99 % within ${p99Ms} ms`,
    ...Object.entries(refused).map(([code, count]) => `  ${count} × ${code}`),
  ].join("\n");
}
