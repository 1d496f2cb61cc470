import { indexerError } from "../sdk/indexerErrors.ts";
import { blockAt, headerOf, type Header } from "./blocks.ts";
import type { RpcPool } from "./rpcPool.ts";

export type Vote = { header: Header | undefined; dissent: boolean };

/**
 * Asks for one block again and again, each node in turn, until one answer leads every other by `lead`. A node behind
 * abstains; when the first `lead` answers are all "no such block", that is the answer. With several backends behind one
 * URL, of which a share p < ½ is on a dead fork, the wrong one wins with probability ≤ (p / (1 − p))^lead.
 *
 * Throws `rpcs-disagree` when none leads after 30 × `lead` answers.
 */
export async function voteOn(pool: RpcPool, number: number, lead: number): Promise<Vote> {
  const votes = new Map<string, { header: Header; count: number }>();
  let asked = 0;

  for (; asked < 30 * lead; asked++) {
    const header = await headerFrom(pool, number, asked);
    if (header !== undefined) {
      const vote = votes.get(header.hash) ?? { header, count: 0 };
      votes.set(header.hash, { header, count: vote.count + 1 });
    }

    if (votes.size === 0 && asked + 1 >= lead) return { header: undefined, dissent: false };
    const [first, second] = [...votes.values()].sort((a, b) => b.count - a.count);
    if (first !== undefined && first.count - (second?.count ?? 0) >= lead) {
      return { header: first.header, dissent: votes.size > 1 };
    }
  }
  throw indexerError(
    "rpcs-disagree",
    `block ${String(number)} has ${String(votes.size)} hashes in ${String(asked)} answers`,
  );
}

async function headerFrom(pool: RpcPool, number: number, turn: number): Promise<Header | undefined> {
  const sources = pool.awake();
  const source = sources[turn % sources.length];
  const calls = [blockAt(number)];
  if (source !== undefined) {
    const answers = await pool.askOnce(source, calls).catch(() => undefined);
    if (answers !== undefined) return headerOf(answers[0]);
  }
  // That node is down; the others still vote.
  return headerOf((await pool.batch(calls)).answers[0]);
}
