import { signerError } from "../sdk/signerErrors.ts";

/** Does many things that are asked for one by one in few turns, each of which costs the same for one as for many. */
export type Batcher<Item, Result> = (item: Item) => Promise<Result>;

/**
 * What is asked for while `atOnce` turns run waits, and goes with the next one, at most `most` together; the queue holds
 * `longest`, beyond which `busy` is thrown. `run` answers by position; an `Error` among its answers fails that item alone.
 */
export function createBatcher<Item, Result>({
  run,
  atOnce = 1,
  most = 256,
  longest = 10_000,
}: {
  run: (items: Item[]) => Promise<readonly (Result | Error)[]>;
  atOnce?: number;
  most?: number;
  longest?: number;
}): Batcher<Item, Result> {
  type Waiting = { item: Item; done: (result: Result) => void; fail: (error: unknown) => void };
  const queue: Waiting[] = [];
  let [running, planned] = [0, false];

  function plan(): void {
    if (planned || running >= atOnce || queue.length === 0) return;
    planned = true;
    // After what this turn of the event loop still reads from its sockets.
    setImmediate(() => {
      planned = false;
      void turn();
    });
  }

  async function turn(): Promise<void> {
    const taken = queue.splice(0, most);
    if (taken.length === 0) return;
    running += 1;
    plan();
    try {
      const results = await run(taken.map(({ item }) => item));
      for (const [index, { done, fail }] of taken.entries()) {
        const result = results[index];
        if (result instanceof Error) fail(result);
        else if (index in results) done(result as Result);
        else fail(new Error("a turn left an item without an answer"));
      }
    } catch (error) {
      for (const { fail } of taken) fail(error);
    } finally {
      running -= 1;
      plan();
    }
  }

  return (item) =>
    new Promise<Result>((done, fail) => {
      if (queue.length >= longest) {
        fail(signerError("busy", "", { retryAfter: 1 }));
        return;
      }
      queue.push({ item, done, fail });
      plan();
    });
}
