import { isAddressEqual, zeroAddress } from "viem";
import { blockAt, headBlock, headerOf, refOf, type BlockRef } from "../chain/blocks.ts";
import type { Finality } from "../chain/finality.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import type { RpcSource } from "../chain/rpcSource.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { SlipwayError } from "../sdk/problem.ts";
import { difference, type Difference } from "./Difference.ts";
import { readSale, type SaleView } from "./readSale.ts";

export type Agreed = {
  /** The latest block that is final for every node. */
  block: BlockRef;
  view: SaleView;
  /** Whom to ask for the rest: those that have the block. */
  sources: readonly [RpcSource, ...RpcSource[]];
  differences: Difference[];
};

type Told = { source: RpcSource; block: BlockRef; view: SaleView };

/**
 * The sale at the latest block that is final for every node, by every node. Throws `rpc-unreachable` where none answers,
 * `nothing-final` where the sale is younger than finality.
 */
export async function readAgreed({
  pool,
  record,
  finality,
}: {
  pool: RpcPool;
  record: LaunchRecord;
  finality: Finality;
}): Promise<Agreed> {
  const differences: Difference[] = [];
  const failures: SlipwayError[] = [];
  /** What each of the nodes answers; those that fail are told as differences. */
  async function each<In extends { source: RpcSource }, Out>(
    asked: readonly In[],
    ask: (one: In) => Promise<Out>,
  ): Promise<Out[]> {
    const answers = await Promise.all(
      asked.map(async (one) => {
        try {
          return [await ask(one)];
        } catch (error) {
          if (!(error instanceof SlipwayError)) throw error;
          failures.push(error);
          differences.push(difference("rpc-silent", one.source.name, error.message, "an answer"));
          return [];
        }
      }),
    );
    return answers.flat();
  }

  const standing = await each(
    pool.sources.map((source) => ({ source })),
    async ({ source }) => ({ source, ...(await readStanding(pool, source, finality)) }),
  );
  for (const { source, chainId } of standing) {
    if (chainId !== record.chainId) {
      differences.push(difference("rpc-other-chain", source.name, chainId, record.chainId));
    }
  }
  const ours = standing.filter(({ chainId }) => chainId === record.chainId);
  const final = Math.min(...ours.map((one) => one.final));
  if (ours.length > 0 && final < Number(record.startBlock)) throw nothingFinal(final, record);

  const held = await each(ours, async ({ source }) => ({
    source,
    block: await readBlock(pool, source, final),
  }));
  const hash = mostCommon(held.map(({ block }) => block.hash));
  const told = await each(
    held.filter(({ block }) => block.hash === hash),
    async ({ source, block }) => ({ source, block, view: await readSale(pool, source, record, block.hash) }),
  );
  const [first, ...others] = told;
  if (first === undefined) {
    throw failures[0] ?? indexerError("chain-id-mismatch", `no node serves chain ${record.chainId}`);
  }

  for (const other of held.filter((one) => one.block.hash !== hash)) {
    differences.push(disagreement(`block ${final}`, other.source, other.block.hash, first, hash));
  }
  for (const other of others) differences.push(...disagreements(first, other));
  if (first.view.termsHash !== record.termsHash) {
    differences.push(difference("terms-differ", "termsHash", first.view.termsHash, record.termsHash));
  }
  // The record of a token that is born in the listing, on v3, has none.
  if (record.token !== zeroAddress && !isAddressEqual(first.view.token, record.token)) {
    differences.push(difference("token-differs", "token", first.view.token, record.token));
  }
  const { block, view } = first;
  return { block, view, sources: [first.source, ...others.map(({ source }) => source)], differences };
}

export async function readStanding(
  pool: RpcPool,
  source: RpcSource,
  finality: Finality,
): Promise<{ chainId: number; final: number }> {
  const [id, head, finalised] = await pool.ask(source, [
    { method: "eth_chainId", params: [] },
    headBlock,
    { method: "eth_getBlockByNumber", params: ["finalized", false] },
  ]);
  const latest = headerOf(head);
  if (id?.ok !== true || latest === undefined) {
    throw indexerError("rpc-inconsistent", `${source.name} has no chain id or no latest block`);
  }
  const final =
    finality.kind === "depth" ? latest.number - finality.depth : (headerOf(finalised)?.number ?? -1);
  return { chainId: Number(id.result), final };
}

async function readBlock(pool: RpcPool, source: RpcSource, number: number): Promise<BlockRef> {
  const header = headerOf((await pool.ask(source, [blockAt(number)]))[0]);
  if (header === undefined) throw indexerError("rpc-behind", `${source.name} has no block ${number}`);
  return refOf(header);
}

/** The first of those that are there most often. */
function mostCommon<T>(items: readonly T[]): T | undefined {
  const count = (item: T): number => items.filter((other) => other === item).length;
  return items.toSorted((a, b) => count(b) - count(a))[0];
}

/** In what two nodes differ at one block. */
function disagreements(first: Told, other: Told): Difference[] {
  return (Object.keys(first.view) as (keyof SaleView)[])
    .filter((key) => first.view[key] !== other.view[key])
    .map((key) => disagreement(key, other.source, other.view[key], first, first.view[key]));
}

function disagreement(
  what: string,
  source: RpcSource,
  got: unknown,
  first: Told,
  wanted: unknown,
): Difference {
  return difference(
    "rpcs-disagree",
    what,
    `${source.name}: ${String(got)}`,
    `${first.source.name}: ${String(wanted)}`,
    { block: first.block.number },
  );
}

function nothingFinal(final: number, { startBlock, sale }: LaunchRecord): SlipwayError {
  return new SlipwayError({
    code: "nothing-final",
    message: `The sale ${sale} was created in block ${startBlock}, and block ${final} is the last that is final for every node`,
    wayOut: "Wait until the chain has finalised the sale's creation.",
    retryable: true,
  });
}
