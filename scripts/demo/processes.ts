import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { SlipwayError } from "../../src/sdk/problem.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
// Ends a process whose parent is gone, even by kill -9.
const leash = fileURLToPath(new URL("../leash.cjs", import.meta.url));
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 6_000;

export type ProcessSpec = {
  name: string;
  /** Script and its arguments, relative to the root; run by this Node. */
  args: readonly string[];
  env?: Record<string, string>;
  /** Recognises the line of stdout that says it is ready. */
  ready: (line: string) => boolean;
};

export type RunningProcess = {
  name: string;
  /** SIGTERM, then SIGKILL after six seconds; waits for the end. */
  stop: () => Promise<void>;
  /** kill -9, and waits for the end. */
  kill: () => Promise<void>;
};

/** The processes of one demo; what ends unasked is reported through `onDeath`. */
export type Processes = {
  start: (spec: ProcessSpec) => Promise<RunningProcess>;
  /** Runs to its end; throws with what it printed when it fails. */
  run: (spec: Omit<ProcessSpec, "ready">) => Promise<string>;
  /** Ends what runs; nothing starts any more. */
  stopAll: () => Promise<void>;
};

export function createProcesses({ onDeath }: { onDeath: (error: SlipwayError) => void }): Processes {
  const running = new Set<Pick<RunningProcess, "stop">>();
  let stopping = false;

  function launch({ args, env = {} }: Omit<ProcessSpec, "ready">): ChildProcess {
    if (stopping) {
      throw new SlipwayError({
        code: "stopped",
        message: "Everything is being stopped.",
        wayOut: "Start it again.",
      });
    }
    return spawn(process.execPath, ["--require", leash, "--import", "tsx", ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Ctrl-C reaches the demo alone; it then stops the others in order.
      detached: true,
    });
  }

  return {
    start: async (spec) => {
      const child = launch(spec);
      const ended = new Promise<void>((resolve) => child.once("close", resolve));
      let asked = false;
      const output = tail(child);
      const handle: RunningProcess = {
        name: spec.name,
        stop: async () => {
          asked = true;
          child.kill("SIGTERM");
          const hard = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
          await ended;
          clearTimeout(hard);
          running.delete(handle);
        },
        kill: async () => {
          asked = true;
          child.kill("SIGKILL");
          await ended;
          running.delete(handle);
        },
      };
      running.add(handle);

      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => {
          reject(failed(spec.name, "did not come up in a minute", output()));
        }, READY_WITHIN_MS);
        let isReady = false;
        eachLine(child, (line) => {
          if (isReady || !spec.ready(line)) return;
          isReady = true;
          clearTimeout(late);
          resolve();
        });
        child.once("close", (code) => {
          clearTimeout(late);
          running.delete(handle);
          if (asked) {
            resolve();
            return;
          }
          const error = failed(spec.name, `ended with exit code ${String(code)}`, output());
          if (isReady) onDeath(error);
          else reject(error);
        });
      });
      return handle;
    },

    run: (spec) =>
      new Promise((resolve, reject) => {
        const child = launch(spec);
        const ended = new Promise<void>((end) => child.once("close", () => end()));
        const handle = {
          stop: async () => {
            child.kill("SIGKILL");
            await ended;
          },
        };
        running.add(handle);
        const output = tail(child);
        child.once("close", (code) => {
          running.delete(handle);
          if (code === 0) resolve(output());
          else reject(failed(spec.name, `ended with exit code ${String(code)}`, output()));
        });
      }),

    stopAll: async () => {
      stopping = true;
      await Promise.all([...running].map((process) => process.stop()));
    },
  };
}

function failed(name: string, what: string, output: string): SlipwayError {
  return new SlipwayError({
    code: "process-failed",
    message: `The ${name} ${what}.`,
    wayOut: output === "" ? "It printed nothing." : `It last said:\n${output}`,
  });
}

function eachLine(child: ChildProcess, see: (line: string) => void): void {
  let rest = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(see);
  });
}

/** The first line that names an error and the last lines of both outputs, for error messages. */
function tail(child: ChildProcess): () => string {
  const lines: string[] = [];
  let cause: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      const told = chunk.toString().split("\n").filter(Boolean);
      cause ??= told.find((line) => /error|cannot find/i.test(line));
      lines.push(...told);
      lines.splice(0, Math.max(0, lines.length - 12));
    });
  }
  return () => (cause === undefined || lines.includes(cause) ? lines : [cause, "…", ...lines]).join("\n");
}
