import type { Address } from "viem";
import type { Clock } from "../chain/clock.ts";
import type { EntriesPage, SaleStats } from "../sdk/indexerApi.ts";
import { stringify } from "../sdk/json.ts";
import type { Changes } from "./changes.ts";
import type { CopyState, Queries } from "./queries.ts";

/** What event streams read of the copy. */
export type SharedReads = {
  copy: (sale: Address) => Promise<CopyState>;
  stats: (sale: Address) => Promise<{ stats: SaleStats | undefined; text: string }>;
  entries: (sale: Address, after: number) => Promise<EntriesPage>;
  lastFinal: (sale: Address) => Promise<number>;
};

export const PAGE = 500;
/** So long an answer serves who asks the same, unless the copy changes before. */
const SHARED_MS = 1_000;
/** Answers kept at once; those of streams that read old pages are the many. */
const MOST_ANSWERS = 64;

/** However many streams there are, a change of the copy costs a few questions a sale. */
export function createSharedReads({
  queries,
  changes,
  behind,
  clock,
}: {
  queries: Queries;
  changes: Changes;
  behind: () => boolean;
  clock: Clock;
}): SharedReads {
  let answers = new Map<string, Promise<unknown>>();
  changes.subscribe(() => {
    answers = new Map();
  });

  function once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = answers.get(key);
    if (known !== undefined) return known as Promise<T>;
    const kept = answers;
    const answer = ask();
    kept.set(key, answer);
    const [oldest] = kept.keys();
    if (kept.size > MOST_ANSWERS && oldest !== undefined) kept.delete(oldest);
    const forget = () => {
      if (kept.get(key) === answer) kept.delete(key);
    };
    answer.then(() => clock.sleep(SHARED_MS).then(forget), forget);
    return answer;
  }

  return {
    copy: (sale) => once(`copy ${sale}`, () => queries.copyOf(sale)),
    stats: (sale) =>
      once(`stats ${sale}`, async () => {
        const [stats] = await queries.sales([sale], behind());
        return { stats, text: stringify(stats) };
      }),
    entries: (sale, after) =>
      once(`entries ${sale} ${String(after)}`, () => queries.entries(sale, { after, limit: PAGE })),
    lastFinal: (sale) => once(`final ${sale}`, () => queries.lastFinal(sale)),
  };
}
