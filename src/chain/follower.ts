import type { Address, Hex } from "viem";
import { SlipwayError } from "../sdk/problem.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { Replayed } from "../sdk/replay.ts";
import { blockAt, headerOf, refOf, type BlockRef } from "./blocks.ts";
import type { Clock } from "./clock.ts";
import { askExpected, type Answered, type Broken, type Expectation } from "./expectations.ts";
import { readCommonStanding, type Finality } from "./finality.ts";
import type { Mismatch } from "./proveSale.ts";
import {
  fetchRange,
  proveRange,
  requireAgreement,
  type Fetched,
  type FetchQuery,
  type LaunchContracts,
  type RangeAnswer,
  type RangeQuery,
  type SaleRange,
} from "./readRange.ts";
import type { RpcPool } from "./rpcPool.ts";
import type { RpcSource } from "./rpcSource.ts";
import { voteOn } from "./vote.ts";

/** What the follower tells, in the chain's own words. */
export type ChainStep =
  /**
   * A proved range: `sales` hold its events and what follows from them. `checkpoints` extend the chain; they are empty
   * while one sale catches up with blocks that are already copied for others.
   */
  | { type: "block"; to: BlockRef; checkpoints: readonly BlockRef[]; sales: readonly SaleRange[] }
  /** Nothing up to and with this block moves any more; of these sales the other events were found complete, so far. */
  | { type: "finalize"; block: BlockRef; proved: readonly Proved[] }
  /** Events of this sale are wrong: its copy begins anew. */
  | { type: "reread"; sale: Address }
  /** What is above this block is no longer part of the chain. */
  | { type: "reorg"; to: BlockRef }
  /** What the copy holds may be wrong, or no longer so: no reader calls it live, until it is settled. */
  | { type: "unsettle" | "settle" }
  /** Events and chain do not agree, whichever node is asked: this sale alone stops. */
  | { type: "quarantine"; mismatch: Mismatch }
  /** The block held as final is not part of the chain: everything stops. */
  | { type: "halt"; held: BlockRef; found: BlockRef };

export type FollowedSale = LaunchContracts & {
  pool: Hex | undefined;
  startBlock: number;
  /** Last block whose events are copied. */
  copiedTo: number;
  replayed: Replayed;
  quarantined: boolean;
};

export type FollowerState = {
  /** Persisted finalised block; undefined before the first. */
  anchor: BlockRef | undefined;
  /** Blocks held above the anchor, ascending: all of those near the head, the ends of ranges before. */
  checkpoints: readonly BlockRef[];
  sales: readonly FollowedSale[];
  halted: boolean;
  unsettled: boolean;
};

/** How far the other events of a sale are proved: whole rounds over all positions, each from some block on. */
export type Proved = { sale: Address; provedTo: number; roundFrom: number | null; roundAfter: Hex };

/** What the other events of a sale, up to a block, add up to: by themselves, and in the words of its contracts. */
export type Totals = { broken: Broken | undefined; expected: readonly Expectation[]; proved: Proved };

/** Where the steps are kept. */
export type FollowerStore = {
  /** What all steps applied so far have made. */
  load: () => Promise<FollowerState>;
  /** What `load` would return after a reorg to this block; nothing is changed. */
  without: (to: BlockRef) => Promise<FollowerState>;
  /** In one transaction: all of them or none. */
  apply: (steps: readonly ChainStep[]) => Promise<void>;
  totals: (sale: Address, block: number) => Promise<Totals>;
};

export type Pass = {
  /** The latest block that any node told of in this pass. */
  head: BlockRef;
  /** More is there to be read at once. */
  behind: boolean;
};

export type Follower = {
  /** Reads one range at most and applies it. Throws what it cannot get over now; the state stays as it was. */
  pass: () => Promise<Pass>;
};

export type FollowerOptions = {
  pool: RpcPool;
  clock: Clock;
  finality: Finality;
  store: FollowerStore;
  /** Blocks in a range of old blocks: at first, and at most. */
  range?: { first: number; most: number };
};

/** Blocks near the head read in one go, with all their headers. */
const LINKED_RANGE = 64;
/** Reads of a range, over all nodes, before we come back later. */
const READS = 16;
/** Times that logs block by block must be wrong in the very same way before that is believed. */
const SAME_MISMATCH = 5;
/** Times that it is read again at all: nothing becomes final meanwhile. */
const MOST_REREADS = 12;
/** Events in a range of old blocks, about: those read ahead and those written are in memory. */
const EVENTS_AT_ONCE = 4_000;
/** Ranges of old blocks that are fetched while one is written. */
const AHEAD = 2;
/** Before the nodes are asked again, where one alone holds another latest block. */
const ALONE_PAUSE_MS = 1_000;
/** Ranges of old blocks after which the anchor follows. */
const RANGES_TO_FINALISE = 16;
/** See `voteOn`: with all in agreement five answers do; where any two differ, twenty. */
const LEAD = { pending: 3, final: 5, afterDissent: 20, gone: 10 };
/** Passes without dissent until the nodes are believed lightly again. */
const DISSENT_LASTS = 200;

/** The latest block that any node tells of, the highest that each has, and what is final for all. */
type Look = { head: BlockRef; common: BlockRef; heads: readonly BlockRef[]; final: number };

type Ahead = { query: FetchQuery; answer: Promise<Fetched> };

export function createFollower({ pool, clock, finality, store, range }: FollowerOptions): Follower {
  const most = range?.most ?? 20_000;
  let size = range?.first ?? 200;
  let state: FollowerState | undefined;
  /** What is above is no longer part of the chain: `state` is without it, the store until the next step, in the same transaction. */
  let forkedAt: BlockRef | undefined;
  let dissentLeft = 0;
  let turn = 0;
  let anchorChecked = false;
  let ahead: Ahead[] = [];
  /** Sales whose other events did not add up, and how often in which way. */
  const doubts = new Map<Address, string[]>();
  /** As last asked for; not again before the copy is there. */
  let last: Look | undefined;

  async function apply(...steps: readonly ChainStep[]): Promise<FollowerState> {
    const undo: ChainStep[] = forkedAt === undefined ? [] : [{ type: "reorg", to: forkedAt }];
    state = forkedAt = undefined; // whatever happens in between, what is stored is the truth
    await store.apply([...undo, ...steps]);
    state = await store.load();
    return state;
  }

  async function pass(): Promise<Pass> {
    try {
      return await onePass();
    } catch (error) {
      if (error instanceof SlipwayError && error.code === "rpcs-disagree") await unsettle();
      throw error;
    }
  }

  /** At once, and not with what brings the copy right: that may take long. */
  async function unsettle(): Promise<void> {
    if (state?.unsettled === true) return;
    await store.apply([{ type: "unsettle" }]);
    if (state !== undefined) state = { ...state, unsettled: true };
  }

  async function onePass(): Promise<Pass> {
    state ??= await store.load();
    if (state.halted) throw indexerError("anchor-broken", "halted until the copy is made anew");
    dissentLeft = Math.max(0, dissentLeft - 1);

    const reached = (state.checkpoints.at(-1) ?? state.anchor)?.number;
    const known = last;
    last = undefined; // unless this pass ends well
    const stale = known === undefined || reached === undefined || reached >= known.final;
    const seen = stale ? await look(state) : known;
    const { head, common, final } = seen;
    const anchor = state.anchor ?? (await firstAnchor(state, final));
    state = state.anchor === undefined ? await apply({ type: "finalize", block: anchor, proved: [] }) : state;

    const cursor = state.checkpoints.at(-1) ?? anchor;
    const beside = seen.heads.filter(({ number }) => number === cursor.number);
    if (beside.length > 0 && beside.every(({ hash }) => hash !== cursor.hash))
      return resolveFork(state, head);

    const late = state.sales.find((sale) => !sale.quarantined && sale.copiedTo < cursor.number);
    if (late !== undefined) return catchUp(state, late, cursor, seen);

    const sales = state.sales.filter((sale) => !sale.quarantined);
    if (cursor.number < common.number) {
      const old = cursor.number < final;
      const fetched = old ? takeAhead(sales, cursor.number) : undefined;
      const to = old
        ? (fetched?.query.to ?? Math.min(cursor.number + size, final))
        : Math.min(cursor.number + LINKED_RANGE, common.number);
      if (old) fetchAhead(sales, to, final);
      const query: RangeQuery = {
        sales: sales.map((sale) => ({ ...sale, before: sale.replayed })),
        parent: cursor,
        to,
        ...{ mode: old ? "boundary" : "linked", old },
      };
      const read = await readProved(query, fetched?.answer);
      if (read === "fork") return resolveFork(state, head);
      for (const mismatch of read.mismatches) state = await doubt(mismatch);
      const end = read.headers.at(-1) ?? cursor;
      state = await apply({ type: "block", to: end, checkpoints: read.headers, sales: read.sales });
    }

    // The chain was cut: nothing takes the place of what is gone.
    if (forkedAt !== undefined) state = await apply();
    if (state.unsettled) {
      const end = state.checkpoints.at(-1) ?? anchor;
      const held = state.sales.filter(({ quarantined, copiedTo }) => !quarantined && copiedTo === end.number);
      await requireAgreement(
        pool,
        end,
        held.map(({ sale, replayed }) => ({ sale, after: replayed })),
      );
      state = await apply({ type: "settle" });
    }

    last = seen;
    const now = state.checkpoints.at(-1)?.number ?? anchor.number;
    if (now >= final || state.checkpoints.length >= RANGES_TO_FINALISE) await finalise(state, final);
    // What did not add up was taken back.
    const again = state.sales.some(({ quarantined, copiedTo }) => !quarantined && copiedTo < now);
    if (now === cursor.number && now + LINKED_RANGE < head.number) {
      throw indexerError(
        "rpc-behind",
        `one has only block ${String(common.number)} of ${String(head.number)}`,
      );
    }
    return { head: refOf(head), behind: now < common.number || again };
  }

  async function look(held: FollowerState): Promise<Look> {
    const seen = await readHeads(held);
    if (!anchorChecked) await checkAnchor(held);
    anchorChecked = true;
    return seen;
  }

  /** Fetches the ranges of old blocks after `from`, while others are proved and written. */
  function fetchAhead(sales: readonly FollowedSale[], from: number, final: number): void {
    for (let parent = ahead.at(-1)?.query.to ?? from; parent < final && ahead.length < AHEAD;) {
      const to = Math.min(parent + size, final);
      const query: FetchQuery = { sales, parent, to, mode: "boundary" };
      const sources = pool.awake();
      const source = sources[turn++ % sources.length];
      if (source === undefined) return;
      const answer = fetchRange(pool, source, query);
      answer.catch(() => undefined); // whoever takes it sees the failure
      ahead.push({ query, answer });
      parent = to;
    }
  }

  /** What was fetched ahead, where it begins at what is now stored; else all of that is dropped. */
  function takeAhead(sales: readonly FollowedSale[], from: number): Ahead | undefined {
    const taken = ahead.shift();
    const same =
      taken?.query.parent === from &&
      taken.query.sales.length === sales.length &&
      taken.query.sales.every(({ sale }, index) => sale === sales[index]?.sale);
    if (same) return taken;
    ahead = [];
    return undefined;
  }

  /** The latest blocks. Nodes that are behind what we hold are asked again while no other is not. */
  async function readHeads(held: FollowerState): Promise<Look> {
    const reached = (held.checkpoints.at(-1) ?? held.anchor)?.number ?? -1;
    let best = -1;
    for (let read = 0; read < LEAD.gone; read++) {
      const { heads, final } = await readCommonStanding(pool, finality);
      const [common, ...others] = heads.toSorted((a, b) => a.number - b.number);
      if (common === undefined) continue;
      const head = others.at(-1) ?? common;
      best = Math.max(best, head.number);
      if (head.number >= reached) return { head, common, heads, final };
    }
    if (best < 0) throw indexerError("rpc-behind", "no node has a latest block");
    // Every answer was below what we hold: the chain was cut (a local node), or all nodes are behind.
    if (await forkFrom(held)) return readHeads(state ?? held);
    throw indexerError("rpc-behind", `the latest is ${String(best)}, held is ${String(reached)}`);
  }

  async function firstAnchor(held: FollowerState, final: number): Promise<BlockRef> {
    const start = Math.min(...held.sales.map(({ startBlock }) => startBlock - 1), final);
    const vote = await voteOn(pool, Math.max(0, start), LEAD.final);
    if (vote.dissent) dissentLeft = DISSENT_LASTS;
    if (vote.header === undefined) throw indexerError("rpc-behind", `no node has block ${String(start)}`);
    return refOf(vote.header);
  }

  async function catchUp(
    held: FollowerState,
    sale: FollowedSale,
    cursor: BlockRef,
    { head, final }: Look,
  ): Promise<Pass> {
    const number = Math.max(sale.copiedTo, sale.startBlock - 1);
    const to = Math.min(number + size, cursor.number);
    const parent = await heldOrRead(held, number);
    const read = await readProved({
      ...{ sales: [{ ...sale, before: sale.replayed }], parent, to },
      // Of what is final, nodes may have dropped the state.
      ...{ mode: "boundary", old: to <= final },
      // Where events were missing or too many, several answers must be the same.
      agreeing: 1 + (doubts.get(sale.sale)?.length ?? 0),
    });
    if (read === "fork") return resolveFork(held, head);
    const last = read.headers.at(-1);
    if (last === undefined || (last.number === cursor.number && last.hash !== cursor.hash)) {
      return resolveFork(held, head);
    }
    for (const mismatch of read.mismatches) await doubt(mismatch);
    if (read.sales.length > 0) await apply({ type: "block", to: last, checkpoints: [], sales: read.sales });
    return { head: refOf(head), behind: true };
  }

  async function heldOrRead(held: FollowerState, number: number): Promise<BlockRef> {
    const known = [held.anchor, ...held.checkpoints].find((block) => block?.number === number);
    if (known !== undefined) return known;
    const vote = await voteOn(pool, Math.max(0, number), LEAD.pending);
    if (vote.header === undefined) throw indexerError("rpc-behind", `no node has block ${String(number)}`);
    return refOf(vote.header);
  }

  /** A range whose history fits, from whichever node and in whichever way gives one; else the last that did not. */
  async function readProved(
    { agreeing = 1, ...query }: RangeQuery & { agreeing?: number },
    fetched?: Promise<Fetched>,
  ): Promise<Extract<RangeAnswer, { type: "range" }> | "fork"> {
    let asked = query;
    let failure: SlipwayError | undefined;
    let forks = 0;
    // What one node alone says again and again is not believed where there are others.
    const enough = Math.min(2, pool.sources.length);
    const wrong = createTally();
    const same = createTally();

    for (let read = 0; read < READS * agreeing; read++) {
      const sources = pool.awake();
      const source = sources[read % sources.length];
      if (source === undefined) break;
      let answer: RangeAnswer;
      try {
        const told = await (read === 0 && fetched !== undefined
          ? fetched
          : fetchRange(pool, source, fetchQueryOf(asked)));
        answer = told.type === "fetched" ? proveRange(told, asked) : told;
        const end = answer.type === "range" ? answer.headers.at(-1) : undefined;
        if (answer.type === "range" && end !== undefined) await requireAgreement(pool, end, answer.sales);
      } catch (error) {
        const failed = failureOf(source, error);
        // That nodes disagree says more than that one does not answer.
        if (failure?.code !== "rpcs-disagree") failure = failed;
        // The fewer blocks with events, the fewer headers that every one of must be there.
        if (failed.code === "rpc-behind" && asked.mode === "boundary" && read + 1 >= sources.length) {
          asked = smaller(asked);
        }
        await clock.sleep(50);
        continue;
      }

      if (answer.type === "fork") {
        // One node alone may be on a dead fork: it takes several to make us look for another chain.
        if (++forks >= LEAD.pending) return "fork";
        continue;
      }
      if (answer.type === "too-large") {
        asked = smaller(asked);
        continue;
      }
      if (answer.mismatches.length === 0) {
        if (agreeing > 1) {
          const told = answer.sales.map(({ after, others }) => [after.sequence, others]);
          const { times, from } = same(JSON.stringify([asked.to, told]), source);
          if (times < agreeing || from < enough) continue;
        }
        if (asked.mode === "boundary") size = nextSize(size, answer, most);
        return answer;
      }
      // A log is missing, or doubled, or foreign. Elsewhere first, then block by block.
      if (asked.mode === "byHash") {
        const { times, from } = wrong(JSON.stringify(answer.mismatches), source);
        if (times >= SAME_MISMATCH && from >= enough) return answer;
      }
      if (read + 1 >= sources.length) asked = closer(asked);
    }

    throw failure ?? indexerError("rpc-inconsistent", `blocks up to ${String(query.to)} cannot be proved`);
  }

  function smaller(query: RangeQuery): RangeQuery {
    size = Math.max(1, Math.floor((query.to - query.parent.number) / 2));
    ahead = [];
    return { ...query, to: query.parent.number + size };
  }

  /**
   * A history that does not go on from ours, as often as it is read, may also tell that ours lacks something, from blocks
   * whose state no node has: the sale is read anew once, and stops when that ends in the same way.
   */
  async function doubt(mismatch: Mismatch): Promise<FollowerState> {
    const { at, sequence, got, wanted } = mismatch;
    const how = JSON.stringify([at, sequence, got, wanted]);
    const known = doubts.get(mismatch.sale) ?? [];
    doubts.set(mismatch.sale, [...known, how]);
    const certain = known.includes(how) || known.length + 1 >= MOST_REREADS;
    return apply(certain ? { type: "quarantine", mismatch } : { type: "reread", sale: mismatch.sale });
  }

  /** Makes the anchor follow the chain's finality, where every node agrees that it is on our chain. */
  async function finalise(held: FollowerState, final: number): Promise<void> {
    const target = held.checkpoints.findLast((checkpoint) => checkpoint.number <= final);
    if (target === undefined || held.sales.some((sale) => !sale.quarantined && sale.copiedTo < target.number))
      return;

    const vote = await voteOn(pool, target.number, dissentLeft > 0 ? LEAD.afterDissent : LEAD.final);
    if (vote.dissent && dissentLeft === 0) {
      dissentLeft = DISSENT_LASTS;
      return; // again, with a larger lead
    }
    if (vote.header === undefined)
      throw indexerError("rpc-behind", `no node has block ${String(target.number)}`);
    if (vote.header.hash !== target.hash) {
      await forkFrom(held);
      return;
    }
    await checkAnchor(held);
    const proved = await proveTotals(held, target);
    if (proved !== undefined) state = await apply({ type: "finalize", block: target, proved });
  }

  /**
   * Asks the contracts for what events outside the history add up to. What does not is read again, each time with more
   * answers that must be the same; what is wrong in the same way again and again is believed to be so. Undefined where
   * something is to be read again first.
   */
  async function proveTotals(held: FollowerState, target: BlockRef): Promise<Proved[] | undefined> {
    const proved: Proved[] = [];
    for (const { sale, quarantined, replayed } of held.sales) {
      if (quarantined) continue;
      const totals = await store.totals(sale, target.number);
      const answer =
        totals.broken === undefined
          ? await askOften(totals.expected, target.hash)
          : ({ type: "broken", broken: totals.broken } as const);
      if (answer.type === "unknown") continue;
      if (answer.type === "met") {
        proved.push(totals.proved);
        doubts.delete(sale);
        continue;
      }

      const { broken } = answer;
      const known = [...(doubts.get(sale) ?? []), JSON.stringify(broken)];
      doubts.set(sale, known);
      const same = known.filter((one) => one === known.at(-1)).length;
      const certain = same >= SAME_MISMATCH || known.length >= MOST_REREADS;
      const place = { block: target.number, sequence: replayed.sequence, transaction: null };
      if (certain) await apply({ type: "quarantine", mismatch: { sale, at: "total", ...broken, ...place } });
      else await apply({ type: "reread", sale });
      return undefined;
    }
    return proved;
  }

  /** One node may be on another chain or have dropped the state: only several that know nothing leave a block unproved. */
  async function askOften(expected: readonly Expectation[], hash: Hex): Promise<Answered> {
    for (let asked = 1; ; asked++) {
      const answer = await askExpected(pool, expected, hash);
      if (answer.type !== "unknown" || asked === LEAD.final) return answer;
    }
  }

  /** Asks whether the block held as final is still there; halts when twenty answers more say no than say yes. */
  async function checkAnchor(held: FollowerState): Promise<void> {
    const { anchor } = held;
    if (anchor === undefined) return;
    const { answers } = await pool.batch([blockAt(anchor.number)]);
    if (headerOf(answers[0])?.hash === anchor.hash) return;

    const vote = await voteOn(pool, anchor.number, LEAD.afterDissent);
    if (vote.header === undefined)
      throw indexerError("rpc-behind", `no node has block ${String(anchor.number)}`);
    if (vote.header.hash === anchor.hash) return;
    await apply({ type: "halt", held: anchor, found: refOf(vote.header) });
    throw indexerError(
      "anchor-broken",
      `block ${String(anchor.number)} was ${anchor.hash}, now ${vote.header.hash}`,
    );
  }

  async function resolveFork(held: FollowerState, head: BlockRef): Promise<Pass> {
    if (!(await forkFrom(held))) await clock.sleep(ALONE_PAUSE_MS);
    return { head: refOf(head), behind: true };
  }

  /** Goes back to the highest block held that the nodes still have; false when that is the last one held. */
  async function forkFrom(held: FollowerState): Promise<boolean> {
    dissentLeft = Math.max(dissentLeft, DISSENT_LASTS / 2);
    const { anchor } = held;
    if (anchor === undefined) return false;
    await checkAnchor(held);

    const blocks = [anchor, ...held.checkpoints];
    // Blocks commit to their parents: those that are still there come first, so halving finds the last of them.
    let [there, gone] = [0, blocks.length];
    while (gone - there > 1) {
      const middle = Math.floor((there + gone) / 2);
      if (await isStillThere(blocks[middle] as BlockRef)) there = middle;
      else gone = middle;
    }
    if (there === blocks.length - 1) return false; // all there: the node that said otherwise was alone
    const to = blocks[there] as BlockRef;
    await unsettle();
    state = forkedAt = undefined;
    state = await store.without(to);
    forkedAt = to;
    return true;
  }

  async function isStillThere(block: BlockRef): Promise<boolean> {
    const vote = await voteOn(pool, block.number, LEAD.pending);
    if (vote.dissent) dissentLeft = DISSENT_LASTS;
    return vote.header?.hash === block.hash;
  }

  return { pass };
}

/** How often something was told, and by how many nodes. */
function createTally(): (what: string, source: RpcSource) => { times: number; from: number } {
  const told = new Map<string, RpcSource[]>();
  return (what, source) => {
    const sources = [...(told.get(what) ?? []), source];
    told.set(what, sources);
    return { times: sources.length, from: new Set(sources).size };
  };
}

/** Whatever a node sends that we cannot read is that node's failure. */
function failureOf({ name }: RpcSource, error: unknown): SlipwayError {
  if (!(error instanceof SlipwayError))
    return indexerError("rpc-inconsistent", `${name} sent what cannot be read`);
  if (!error.retryable) throw error;
  return error;
}

/** Grows while ranges hold few events, shrinks at once when they hold many. */
function nextSize(size: number, { sales }: Extract<RangeAnswer, { type: "range" }>, most: number): number {
  const events = sales.reduce((sum, { entries, others }) => sum + entries.count + others.length, 0);
  const factor = Math.min(1.5, EVENTS_AT_ONCE / Math.max(1, events));
  return Math.max(1, Math.min(most, Math.ceil(size * factor)));
}

function fetchQueryOf({ sales, parent, to, mode }: RangeQuery): FetchQuery {
  return { sales, parent: parent.number, to, mode };
}

/** The next closer look: fewer blocks with all their headers, then block by block, fewer and fewer. */
function closer(query: RangeQuery): RangeQuery {
  if (query.mode === "boundary") {
    return { ...query, mode: "linked", to: Math.min(query.to, query.parent.number + LINKED_RANGE) };
  }
  const half = Math.ceil((query.to - query.parent.number) / 2);
  return { ...query, mode: "byHash", to: query.parent.number + half };
}
