// npm run prove -- listing [--calls N] [--seed S] [--episode 0x…] [--json]: an adversary makes N calls before, between and
// after listings on each venue, with Uniswap's own code, side by side. The same seed makes the same calls.
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import hre from "hardhat";
import { decodeErrorResult, isHex, parseAbi } from "viem";
import { wholeNumber } from "../scripts/wholeNumber.ts";
import { startWorker, type Worker } from "./invariants/startWorker.ts";
import { raidFile } from "./listing/raidFile.ts";
import { addLine, emptyRaid, type Raid } from "./listing/Raid.ts";

/** Of each venue, at a time. */
const CHUNK = 5_000;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      calls: { type: "string", default: "300000" },
      seed: { type: "string", default: "slipway" },
      episode: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const { seed, episode, json } = values;
  const wanted = wholeNumber("--calls", values.calls);

  await hre.tasks.getTask("build").run({ noTests: true, quiet: true });
  await hre.tasks.getTask("build").run({ files: [raidFile], noContracts: true, quiet: true });
  const started = performance.now();
  const raid = await (episode === undefined ? runChunks(wanted, seed, started) : runEpisode(episode));
  const seconds = Math.round((performance.now() - started) / 1000);

  for (const [venue, { calls, refused, listings }] of Object.entries(raid.byVenue)) {
    console.log(`${venue}: ${shown(calls)} calls, ${shown(refused)} refused, ${shown(listings)} listings`);
  }
  const calls = Math.min(...Object.values(raid.byVenue).map((venue) => venue.calls));
  const violations = raid.failures.length;
  console.log(`${shown(calls)} calls in each venue, ${violations} violations, ${seconds} s, seed ${seed}`);
  if (violations > 0 || (episode === undefined && calls < wanted)) process.exitCode = 1;
  if (json) {
    console.log(
      JSON.stringify({ calls, violations, byVenue: raid.byVenue, failures: raid.failures, seed, seconds }),
    );
  }
}

async function runChunks(wanted: number, seed: string, started: number): Promise<Raid> {
  const raid = emptyRaid();
  const chunks = Array.from({ length: Math.ceil(wanted / CHUNK) }, (_, index) => ({
    RAID_SEED: `0x${createHash("sha256").update(`${seed}/${index}`).digest("hex")}`,
    RAID_CALLS: String(Math.min(CHUNK, wanted - index * CHUNK)),
  }));
  const worker = startWorker();
  try {
    for (const chunk of chunks) {
      await add(raid, worker, chunk);
      const seconds = Math.round((performance.now() - started) / 1000);
      console.log(`${shown(raid.byVenue.v2.calls)} calls, ${seconds} s, ${raid.failures.length} violations`);
      if (raid.failures.length > 0) break;
    }
  } finally {
    worker.end();
  }
  return raid;
}

async function runEpisode(episode: string): Promise<Raid> {
  const raid = emptyRaid();
  const worker = startWorker();
  try {
    await add(raid, worker, { RAID_EPISODE: episode });
  } finally {
    worker.end();
  }
  return raid;
}

async function add(raid: Raid, worker: Worker, environment: Record<string, string>): Promise<void> {
  const known = raid.failures.length;
  for (const line of await worker.run({ CAMPAIGN_FILE: raidFile, ...environment })) addLine(raid, line);
  for (const { venue, episode, why } of raid.failures.slice(known)) {
    console.error(`✗ ${venue}: ${inWords(why)}\n  npm run prove -- listing --episode ${episode}`);
  }
}

const broken = parseAbi(["error Broken(string property, uint256 got, uint256 wanted)"]);

function inWords(why: string): string {
  if (!isHex(why)) return why;
  try {
    const [property, got, wanted] = decodeErrorResult({ abi: broken, data: why }).args;
    return `${property}: got ${got}, wanted ${wanted}`;
  } catch {
    return why;
  }
}

function shown(count: number): string {
  return count.toLocaleString("en-US");
}
