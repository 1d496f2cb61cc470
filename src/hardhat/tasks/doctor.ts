import { resolve } from "node:path";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { systemClock } from "../../chain/clock.ts";
import { runDoctor, type Diagnosis } from "../../launch/doctor/runDoctor.ts";
import { readLaunchFile } from "../../launch/readLaunchFile.ts";
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
};

const TIMEOUT_MS = 10_000;
const marks = { green: "✓", red: "✗", unknown: "?" } as const;

/** `launch doctor`: exits with 0 where all is green, 1 where something is red, 2 where something is unknown. */
const doctor: NewTaskActionFunction<DoctorArguments> = async (options, hre) => {
  const diagnosis = await runTask({
    json: options.json,
    work: async () => {
      const { record, chain, close } = await openLaunch(hre, options);
      const launch = options.launch === "" ? undefined : await readLaunchFile(resolve(options.launch));
      const ask = (url: string, init?: RequestInit) =>
        fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
      const accepted = options.accept.split(",");
      return runDoctor({ ...options, chain, record, launch, ask, accepted, clock: systemClock }).finally(
        close,
      );
    },
    words: describe,
  });
  if (diagnosis?.state === "red") process.exitCode = 1;
  if (diagnosis?.state === "unknown") process.exitCode = 2;
};

export default doctor;

function describe({ state, findings }: Diagnosis): string {
  const lines = findings.map(({ name, state: each, got, wanted, fix }) =>
    each === "green"
      ? `${marks[each]} ${name}`
      : `${marks[each]} ${name}: got ${got}, wanted ${wanted}\n    → ${fix}`,
  );
  return [...lines, `In all: ${state}`].join("\n");
}
