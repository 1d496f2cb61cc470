import { Client, type Pool, types } from "pg";
import { getAddress, zeroAddress, type Hex } from "viem";
import type { Clock } from "../../src/chain/clock.ts";
import { createFollower, type Follower } from "../../src/chain/follower.ts";
import { createRpcPool } from "../../src/chain/rpcPool.ts";
import { createStore, register } from "../../src/indexer/store.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { SlipwayError } from "../../src/sdk/problem.ts";
import { seededRandom } from "../../test/support/seededRandom.ts";
import { digestOfCopy, digestOfTruth } from "./digests.ts";
import { faultyClient, type DatabaseFault } from "./faultyClient.ts";
import { keptSeeds } from "./keptSeeds.ts";
import { faultyNode, nodeFaults, type NodeFault, type NodeFaults } from "./faultyNode.ts";
import { lies, lyingNode } from "./lyingNode.ts";
import { createSimChain, modules, price, type SimChain } from "./SimChain.ts";

export type Outcome =
  | { end: "right" }
  /** Stopped, with the reason; `due`: the chain did go back past its finality. */
  | { end: "halted"; due: boolean; reason: string }
  | { end: "wrong"; why: string };

/** Largest share of answers with each fault. */
const MOST: Record<NodeFault, number> = {
  ...{ omitted: 0.1, repeated: 0.1, deadFork: 0.4, behind: 0.4, busy: 0.15, broken: 0.15, hanging: 0.01 },
  ...{ html: 0.1, cutShort: 0.1, missingId: 0.1, doubledId: 0.1, noHeader: 0.1, changed: 0.1, foreign: 0.1 },
  ...{ finalisedBack: 0.5, pruned: 1, wrongChain: 0.2, slowHeaders: 0.5 },
};
const FINALITY_DEPTH = 8;
const MOST_PASSES = 2_000;
const LONGEST_CHAIN = 600;

/** One whole life of an indexer on a simulated chain; everything by chance follows from the seed. */
export async function runSeed(seed: number, url: string, database: Pool): Promise<Outcome> {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  await database.query("TRUNCATE chain, checkpoints, sales, entries, events, positions");

  const chain = createSimChain(random, 1 + below(3));
  // In every fourth life all nodes are well, and the first of several lies about one thing.
  const lying = seed % 4 === 3 && !keptSeeds.includes(seed);
  const faults = lying ? {} : someFaults(random);
  const deathShare = random() < 0.5 ? 0.02 : 0;
  const databaseFault = (): DatabaseFault =>
    random() >= deathShare
      ? "none"
      : ((["diesBefore", "diesAfter", "diskFull"] as const)[below(3)] ?? "none");

  const other = createSimChain(seededRandom(seed + 1), chain.sales.length);
  if (faults.wrongChain !== undefined) other.mine(LONGEST_CHAIN);
  const honest = faultyNode(chain, random, faults, FINALITY_DEPTH, other.blocks);
  const urls = Array.from(
    { length: (lying ? 2 : 1) + below(3) },
    (_, index) => `http://node-${String(index)}`,
  );
  const liar = lyingNode(honest, chain, random, lies[below(lies.length)] ?? "purchase");
  // One node alone on a dead fork or another chain is believed until it says otherwise.
  const blind = faults.deadFork !== undefined || faults.wrongChain !== undefined;
  const fetch: typeof honest = (url, init) =>
    lying && url === urls[0] ? liar.fetch(url, init) : honest(url, init);
  const clock = jumpingClock(random);
  const pool = createRpcPool({ urls, clock, random, fetch });
  const records = recordsOf(chain);
  const finality =
    random() < 0.5 ? ({ kind: "tag" } as const) : ({ kind: "depth", depth: FINALITY_DEPTH } as const);
  const range = { first: 1 + below(40), most: 1 + below(200) };

  let client: Client | undefined;
  let follower: Follower | undefined;
  let failure = "";

  /** As src/indexer/writer.ts: what is not ours ends the connection, and a new process begins with what is stored. */
  async function pass(): Promise<"reached" | "behind"> {
    try {
      if (client === undefined || follower === undefined) {
        client = await connect(url);
        const faulty = faultyClient(client, databaseFault);
        await register(faulty, records);
        follower = createFollower({
          pool,
          clock,
          finality,
          range,
          store: createStore(faulty, records),
        });
      }
      const { head, behind } = await follower.pass();
      return !behind && head.hash === chain.blocks.at(-1)?.hash ? "reached" : "behind";
    } catch (error) {
      failure = error instanceof SlipwayError ? error.code : String(error);
      if (error instanceof SlipwayError) return "behind";
      await client?.end().catch(() => undefined);
      [client, follower] = [undefined, undefined];
      return "behind";
    }
  }

  let wentBack = false;
  let highest = 0;
  for (let round = 4 + below(8); round > 0; round--) {
    if (random() < 0.4) {
      // Never below what was final at the highest head there has been.
      const depth = Math.min(1 + below(FINALITY_DEPTH), chain.blocks.length - 1 - (highest - FINALITY_DEPTH));
      if (depth > 0) chain.reorganise(depth, below(depth + 3));
    } else if (random() < 0.02) {
      chain.reorganise(FINALITY_DEPTH + 1 + below(37), 50);
      wentBack = true;
    }
    chain.mine(1 + below(40));
    highest = Math.max(highest, chain.blocks.length - 1);
    for (let passes = 1 + below(8); passes > 0; passes--) {
      await pass();
      const why = wentBack || blind ? undefined : await falsehood(database, chain);
      if (why !== undefined) return { end: "wrong", why };
    }
  }
  liar.end(); // the operator has found it
  chain.mine(1);
  // What is not final is not proved yet.
  chain.rest(FINALITY_DEPTH);

  try {
    for (let passes = 0; passes < MOST_PASSES; passes++) {
      const end = await pass();
      const stopped = await stopOf(database);
      if (stopped !== undefined) return { end: "halted", due: wentBack, reason: stopped };
      const { head, anchor, proved } = await standing(database);
      const last = chain.blocks.length - 1;
      if (end === "reached" && head === last && anchor >= last - FINALITY_DEPTH) {
        // What no node could prove at that block is proved at the next one.
        if (proved < anchor) {
          chain.rest(1);
          continue;
        }
        const [copy, truth] = [await digestOfCopy(database), digestOfTruth(chain)];
        return copy === truth ? { end: "right" } : { end: "wrong", why: `digest ${copy}, truth ${truth}` };
      }
    }
    return {
      end: "wrong",
      why: `not at the head after ${String(MOST_PASSES)} passes; last failure: ${failure}`,
    };
  } finally {
    await client?.end().catch(() => undefined);
  }
}

type Claimed = {
  address: Buffer;
  history: Buffer;
  final: Buffer | null;
  to: bigint;
  head: bigint;
  hash: Buffer;
  live: boolean;
};

/** What of the copy is called final, or live, and is not so; undefined where all is. */
async function falsehood(database: Pool, { blocks }: SimChain): Promise<string | undefined> {
  const { rows } = await database.query<Claimed>(
    `SELECT s.address, s.history, least(s.proved_to, c.anchor_number) AS to, h.number AS head, h.hash,
       (SELECT e.history FROM entries e WHERE e.sale = s.id AND e.block_number <= least(s.proved_to, c.anchor_number)
        ORDER BY sequence DESC LIMIT 1) AS final,
       NOT c.unsettled AND c.halted IS NULL AND s.quarantine IS NULL AND s.phase IS NOT NULL
         AND s.copied_to >= h.number AS live
     FROM sales s, chain c, LATERAL (SELECT * FROM checkpoints ORDER BY number DESC LIMIT 1) h`,
  );
  const hexOf = (bytes: Buffer): Hex => `0x${bytes.toString("hex")}`;
  for (const { address, history, final, to, head, hash, live } of rows) {
    const at = (number: bigint) => blocks[Number(number)]?.sales.get(hexOf(address))?.history;
    const wanted = at(to < 0n ? 0n : to);
    if ((final === null ? at(0n) : hexOf(final)) !== wanted)
      return `final up to ${String(to)} is what never was`;
    const near = Number(head) >= blocks.length - FINALITY_DEPTH && blocks[Number(head)]?.hash === hexOf(hash);
    if (live && near && hexOf(history) !== at(head)) return `live at ${String(head)} is what never was`;
  }
  return undefined;
}

/** Tells any time at all; waits pass at once. */
function jumpingClock(random: () => number): Clock {
  return {
    now: () => Math.floor(random() * 2 ** 41),
    sleep: () => Promise.resolve(),
    deadline: () => new AbortController().signal,
  };
}

/** Up to three at once, each up to its largest share. */
function someFaults(random: () => number): NodeFaults {
  const faults: NodeFaults = {};
  for (let count = Math.floor(random() * 4); count > 0; count--) {
    const fault = nodeFaults[Math.floor(random() * nodeFaults.length)] ?? "omitted";
    faults[fault] = MOST[fault] * (fault === "pruned" ? 1 : 0.3 + 0.7 * random());
  }
  return faults;
}

/** What the engine reads of a record. */
function recordsOf(chain: SimChain): LaunchRecord[] {
  return chain.sales.map(
    ({ sale, termsHash }) =>
      ({
        ...{ chainId: chain.chainId, sale: getAddress(sale), termsHash, startBlock: 1n },
        ...{ token: zeroAddress, registry: modules.registry },
        terms: {
          roles: { signer: zeroAddress },
          token: { existing: zeroAddress },
          sale: { price },
          listing: { venue: modules.venue },
          vesting: { vesting: modules.vesting },
        },
      }) as unknown as LaunchRecord,
  );
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  client.setTypeParser(types.builtins.INT8, BigInt);
  return client;
}

async function stopOf(database: Pool): Promise<string | undefined> {
  const { rows } = await database.query<{ reason: string }>(
    `SELECT halted->>'reason' AS reason FROM chain WHERE halted IS NOT NULL
     UNION ALL SELECT quarantine->>'reason' FROM sales WHERE quarantine IS NOT NULL`,
  );
  return rows[0]?.reason;
}

async function standing(database: Pool): Promise<{ head: number; anchor: number; proved: number }> {
  const { rows } = await database.query<Record<"head" | "anchor" | "proved", bigint | null>>(
    `SELECT coalesce((SELECT max(number) FROM checkpoints), anchor_number) AS head, anchor_number AS anchor,
       (SELECT min(proved_to) FROM sales) AS proved FROM chain`,
  );
  const [row] = rows;
  return {
    head: Number(row?.head ?? -1),
    anchor: Number(row?.anchor ?? -1),
    proved: Number(row?.proved ?? -1),
  };
}
