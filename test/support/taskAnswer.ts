import hre, { network } from "hardhat";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnectionParams } from "hardhat/types/network";

export type Answer = Record<string, unknown> & { error?: { code: string } };

/** What the tasks take of Hardhat, with its network `localhost` at another URL; everything is compiled already. */
export function runtimeAt(url: string): HardhatRuntimeEnvironment {
  const create = (params?: NetworkConnectionParams) =>
    network.create(params ?? { network: "localhost", override: { url } });
  const tasks = { getTask: () => ({ run: () => Promise.resolve() }) };
  return {
    config: hre.config,
    hooks: hre.hooks,
    tasks,
    network: { create },
  } as unknown as HardhatRuntimeEnvironment;
}

/** Runs a task with --json: its last line, and the exit code. */
export async function answerOf(run: () => unknown): Promise<[answer: Answer, exitCode: unknown]> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  process.exitCode = 0;
  try {
    await run();
    return [JSON.parse(lines.at(-1) ?? "null") as Answer, process.exitCode];
  } finally {
    console.log = log;
    process.exitCode = 0;
  }
}
