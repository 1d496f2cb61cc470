import type { Address } from "viem";
import { createRpcPool } from "../../src/chain/rpcPool.ts";
import { finalise } from "../../src/launch/finalise.ts";
import { reconcile, type ReconcileOptions } from "../../src/reconcile/reconcile.ts";
import { createIndexerClient } from "../../src/sdk/indexerClient.ts";
import { createOrderExporter } from "../../src/sdk/orderExport.ts";
import { FINALITY_DEPTH, indexerUnderTest, instantClock } from "./indexerUnderTest.ts";
import { serveIndexer } from "./serveIndexer.ts";
import { startRpcProxy } from "./rpcProxy.ts";
import { EXPORT_KEY, startSignerLaunch, UNIT } from "./signerLaunch.ts";
import { newKey, startSigner } from "./signerUnderTest.ts";

export type SettledLaunch = Awaited<ReturnType<typeof startSettledLaunch>>;

/** Tables of the indexer, parents first. */
const TABLES = ["chain", "checkpoints", "sales", "entries", "events", "positions"];

/**
 * A whole small launch with the real sale, signer and indexer: three buyers, of whom the first withdrew and came back.
 * `settle` closes and finalises it; `reconcile` compares it by two nodes that may lie.
 */
export async function startSettledLaunch() {
  const launch = await startSignerLaunch();
  const { chain, record } = launch;
  const nodes = [await startRpcProxy(chain.url), await startRpcProxy(chain.url)] as const;
  const signerNode = await startRpcProxy(chain.url);
  const signer = await startSigner(launch, { env: { RPC_URL: signerNode.url } });
  const indexer = await indexerUnderTest({ urls: [chain.url], records: [record] });
  const api = await serveIndexer(indexer, [record]);

  async function order(
    { account, session }: Awaited<ReturnType<typeof signer.buyer>>,
    amount: bigint,
    more: { supersedes?: `0x${string}` } = {},
  ) {
    const nonce = await launch.nonceOf(account.address);
    return (await session.createOrder(newKey(), { nonce, cumulativeCap: amount, ...more })).order;
  }
  async function buy(person: Awaited<ReturnType<typeof signer.buyer>>, amount: bigint) {
    await launch.buy(person.account, await order(person, amount), amount);
  }
  async function mineToFinality(): Promise<void> {
    // One by one: blocks that the node mines in one go are not tied to their parents.
    for (let block = 0; block < FINALITY_DEPTH; block++) await chain.client.mine({ blocks: 1 });
    await indexer.catchUp();
  }

  const [first, second, third] = [await signer.buyer(), await signer.buyer(), await signer.buyer()];
  await buy(first, 300n * UNIT);
  await launch.withdraw(first.account);
  await buy(first, 100n * UNIT);
  await buy(second, 250n * UNIT);
  await buy(third, 50n * UNIT);

  const options = (): ReconcileOptions => ({
    record,
    pool: createRpcPool({ urls: nodes.map(({ url }) => url), clock: instantClock(), attempts: 2 }),
    finality: { kind: "depth", depth: FINALITY_DEPTH },
    indexer: createIndexerClient({ url: api.url }),
    orders: createOrderExporter({ url: signer.url, exportKey: EXPORT_KEY }),
    clock: instantClock(),
  });

  return {
    ...{ launch, chain, record, nodes, signerNode, signer, indexer, options },
    status: api.status,
    buyers: [first, second, third] as const,
    ...{ order, buy, mineToFinality },
    /** Closes and finalises, with all that finality needs. */
    async settle() {
      await chain.moveTo(record.terms.sale.closesAt);
      const settled = await finalise({ client: chain.client, account: chain.deployer, record });
      await mineToFinality();
      return settled;
    },
    reconcile: (change: Partial<ReconcileOptions> = {}) => reconcile({ ...options(), ...change }),
    /** Currency or tokens straight out of the sale, as only a hostile token could move them. */
    async take(asset: Address, from: Address, to: Address, amount: bigint): Promise<void> {
      const { client } = chain;
      await client.impersonateAccount({ address: from });
      await client.setBalance({ address: from, value: 10n ** 18n });
      const hash = await client.writeContract({
        ...{ address: asset, abi: transferAbi, functionName: "transfer", args: [to, amount] },
        account: from,
      });
      await client.waitForTransactionReceipt({ hash });
      await client.setBalance({ address: from, value: 0n });
      await client.stopImpersonatingAccount({ address: from });
    },
    /** Keeps the copy as it is; the function it returns brings it back. */
    async keepCopy(): Promise<() => Promise<void>> {
      for (const table of TABLES) {
        await indexer.database.query(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
      }
      return async () => {
        await indexer.database.query(`TRUNCATE ${TABLES.join(", ")}`);
        for (const table of TABLES) {
          await indexer.database.query(
            `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM kept_${table}`,
          );
        }
      };
    },
    async close() {
      await api.close();
      await signer.close();
      await indexer.close();
      for (const node of [...nodes, signerNode]) await node.close();
      await launch.close();
    },
  };
}

const transferAbi = [
  {
    type: "function",
    name: "transfer",
    stateMutability: "nonpayable",
    inputs: [
      { name: "to", type: "address" },
      { name: "amount", type: "uint256" },
    ],
    outputs: [{ type: "bool" }],
  },
] as const;
