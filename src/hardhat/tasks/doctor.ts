import { resolve } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { systemClock } from "../../chain/clock.ts";
import type { Finding } from "../../launch/doctor/Finding.ts";
import { runDoctor, type Diagnosis } from "../../launch/doctor/runDoctor.ts";
import { watchDoctor, type Change } from "../../launch/doctor/watchDoctor.ts";
import { readLaunchFile } from "../../launch/readLaunchFile.ts";
import { stringify } from "../../sdk/json.ts";
import { openLaunch } from "../openLaunch.ts";
import { runTask } from "./runTask.ts";

export type DoctorArguments = {
  record: string;
  json: boolean;
  launch: string;
  signer: string;
  indexer: string;
  page: string;
  safeService: string;
  crowd: number;
  accept: string;
  /** Seconds between looks; zero: one look. */
  watch: number;
  /** One of the network's accounts; empty: none. */
  canary: string;
};

const TIMEOUT_MS = 10_000;
const marks = { green: "✓", red: "✗", unknown: "?" } as const;

/** `launch doctor`: exits with 0 where all is green, 1 where something is red, 2 where something is unknown. */
const doctor: NewTaskActionFunction<DoctorArguments> = async (options, hre) => {
  const state = await (options.watch > 0 ? watch(options, hre) : once(options, hre));
  if (state === "red") process.exitCode = 1;
  if (state === "unknown") process.exitCode = 2;
};

export default doctor;

async function once(
  options: DoctorArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<Diagnosis["state"] | undefined> {
  const diagnosis = await runTask({
    json: options.json,
    work: () => open(options, hre).then(({ look, close }) => look().finally(close)),
    words: ({ state, findings }) => [...findings.map(describe), `In all: ${state}`].join("\n"),
  });
  return diagnosis?.state;
}

/** Until it is interrupted; the exit code is of the last look. */
async function watch(
  options: DoctorArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<Diagnosis["state"] | undefined> {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  let state: Diagnosis["state"] | undefined;
  await runTask({
    json: options.json,
    work: async () => {
      const { look, close } = await open(options, hre);
      const everyMs = options.watch * 1_000;
      try {
        for await (const change of watchDoctor({
          look,
          clock: systemClock,
          everyMs,
          signal: stopping.signal,
        })) {
          ({ state } = change);
          console.log(options.json ? stringify(change) : describeChange(change));
        }
      } finally {
        await close();
      }
      return { state };
    },
    words: (last) => `Last: ${last.state ?? "nothing"}`,
  });
  return state;
}

async function open(options: DoctorArguments, hre: HardhatRuntimeEnvironment) {
  const opened = await openLaunch(hre, { record: options.record, from: options.canary });
  const { record, chain, account, close } = opened;
  const launch = options.launch === "" ? undefined : await readLaunchFile(resolve(options.launch));
  const canary = options.canary === "" ? undefined : await account();
  const ask = (url: string, init?: RequestInit) =>
    fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const accepted = options.accept.split(",");
  const look = () =>
    runDoctor({ ...options, chain, record, launch, canary, ask, accepted, clock: systemClock });
  return { look, close };
}

function describe({ name, state, got, wanted, fix }: Finding): string {
  if (state === "green") return `${marks[state]} ${name}`;
  return `${marks[state]} ${name}: got ${got}, wanted ${wanted}\n    → ${fix}`;
}

function describeChange({ at, state, changed, gone }: Change): string {
  const lines = [...changed.map(describe), ...gone.map((name) => `- ${name} can no longer be looked at`)];
  return [`${new Date(at).toISOString()}  ${state}`, ...lines].join("\n");
}
