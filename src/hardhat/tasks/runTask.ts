import { stringify } from "../../sdk/json.ts";
import { explain, SlipwayError } from "../../sdk/problem.ts";

/**
 * Runs a command: prints its words, or with `--json` one object on the last line. An error of ours is explained, and the
 * exit code says so; with `--json` the error is the object.
 */
export async function runTask<Result>({
  json,
  work,
  words,
  data = (result) => result,
}: {
  json: boolean;
  work: () => Promise<Result>;
  words: (result: Result) => string;
  /** What `--json` prints of it. */
  data?: (result: Result) => unknown;
}): Promise<Result | undefined> {
  try {
    const result = await work();
    console.log(json ? stringify(data(result)) : words(result));
    return result;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    process.exitCode = 1;
    const { code, message, wayOut, problems } = error;
    if (json) console.log(stringify({ error: { code, message, wayOut, problems } }));
    else console.error(explain(error));
    return undefined;
  }
}
