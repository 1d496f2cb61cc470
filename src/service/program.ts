import type { FastifyInstance } from "fastify";
import { DatabaseError } from "../database/DatabaseError.ts";
import { explain, SlipwayError } from "../sdk/problem.ts";
import { wordsOf as plainWords } from "./createLogger.ts";

/** In which a service answers what it has begun. */
const STOP_WITHIN_MS = 4_500;

/**
 * Runs a service's program to its end: exits with 0, or with 1 and what went wrong in words. `run` is given the arguments and
 * a signal that SIGINT and SIGTERM abort; `internal` makes an error of the service's catalogue of any other.
 */
export async function runProgram({
  run,
  internal,
}: {
  run: (args: string[], stopping: AbortSignal) => Promise<void>;
  internal: (why: string) => SlipwayError;
}): Promise<never> {
  // A report of Node's, after a crash or by a signal, would hold the environment, and so the secrets in it.
  process.report.excludeEnv = true;
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      stopping.abort();
    });
  }
  try {
    await run(process.argv.slice(2), stopping.signal);
    process.exit(0);
  } catch (error) {
    console.error(wordsOf(error));
    process.exit(1);
  }

  function wordsOf(error: unknown): string {
    if (error instanceof SlipwayError) return explain(error);
    if (error instanceof DatabaseError) return error.message;
    return explain(internal(plainWords(error)));
  }
}

/** The port; throws `busy` where another program has it. */
export async function listen(
  app: FastifyInstance,
  { host, port }: { host: string; port: number },
  busy: (where: string, cause: unknown) => SlipwayError,
): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw busy(`${host}:${String(port)}`, cause);
  }
  const address = app.server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** Says that it listens, and resolves when it is to stop; what is not done in time after that is cut off. */
export async function untilStopped(port: number, stopping: AbortSignal): Promise<void> {
  process.stdout.write(`${JSON.stringify({ event: "listening", port })}\n`);
  await new Promise<void>((done) => {
    if (stopping.aborted) done();
    stopping.addEventListener("abort", () => {
      done();
    });
  });
  setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
}
