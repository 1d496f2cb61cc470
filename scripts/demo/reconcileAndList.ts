import { formatUnits, type Hex } from "viem";
import type { HDAccount } from "viem/accounts";
import { systemClock } from "../../src/chain/clock.ts";
import { createRpcPool } from "../../src/chain/rpcPool.ts";
import { canonicalOn } from "../../src/launch/canonicalOn.ts";
import { finalise } from "../../src/launch/finalise.ts";
import { list, type Listed } from "../../src/launch/list.ts";
import { reconcile, type Reconciliation } from "../../src/reconcile/reconcile.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { createIndexerClient } from "../../src/sdk/indexerClient.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { createOrderExporter } from "../../src/sdk/orderExport.ts";
import { LOCKED_FOR_EVER } from "../../src/sdk/terms.ts";
import type { Screen } from "./screen.ts";
import type { World } from "./world.ts";

/** What to compare: the record's sale, by this node, indexer and signer. */
type Compared = { world: World; record: LaunchRecord; exportKey: string; finalityDepth: number };

/** Copy against chain and orders, once what has happened so far is final. */
export async function reconcileNow({
  world: { chain, urls },
  record,
  exportKey,
  finalityDepth,
}: Compared): Promise<Reconciliation> {
  // One by one: blocks that the node mines in one go are not tied to their parents.
  for (let block = 0; block < finalityDepth; block++) await chain.mine({ blocks: 1 });
  return reconcile({
    record,
    pool: createRpcPool({ urls: [urls.chain], clock: systemClock }),
    finality: { kind: "depth", depth: finalityDepth },
    indexer: createIndexerClient({ url: urls.indexer }),
    orders: createOrderExporter({ url: urls.signer, exportKey }),
    clock: systemClock,
  });
}

/** From closed to listed, as the operator's commands do it; only the waiting is cut short. */
export async function reconcileAndList({
  screen,
  operator,
  salt,
  ...compared
}: Compared & { screen: Screen; operator: HDAccount; salt: Hex }): Promise<Listed> {
  const { record } = compared;
  const { chain } = compared.world;
  await screen.step(
    "finalise",
    async () => {
      const { listableFrom } = await finalise({ client: chain, account: operator, record });
      await chain.moveTo(listableFrom);
    },
    () => `success fixed, history frozen · listing delay ${duration(record.terms.listing.delay)}`,
  );

  const reconciliation = await screen.step("reconcile", () => reconcileNow(compared), summaryOf);

  return screen.step(
    "list",
    async () => {
      const listed = await list({
        ...{ client: chain, account: operator, record, salt },
        canonical: canonicalOn(record.chainId),
        reconcile: () => Promise.resolve(reconciliation),
      });
      const { sale } = record;
      const at = await chain.readContract({ address: sale, abi: saleAbi, functionName: "listedAt" });
      return { ...listed, listedAt: at };
    },
    ({ poolTokens, poolCurrency, listedAt }) =>
      `${amount(poolCurrency, 6)} USDC + ${amount(poolTokens, record.terms.token.decimals)} ${record.terms.token.symbol} · ${lock(listedAt, record)}`,
  );
}

export function summaryOf({ copy, differences }: Reconciliation): string {
  const { purchases = 0, withdrawals = 0 } = copy ?? {};
  return `${count(purchases, "purchase")}, ${count(withdrawals, "withdrawal")} · ${count(differences.length, "difference")}`;
}

function count(number: number, what: string): string {
  return `${String(number)} ${what}${number === 1 ? "" : "s"}`;
}

function amount(units: bigint, decimals: number): string {
  return Number(formatUnits(units, decimals)).toLocaleString("en-US", { maximumFractionDigits: 2 });
}

function lock(listedAt: bigint, { terms }: LaunchRecord): string {
  const { lockSeconds } = terms.listing;
  if (lockSeconds === LOCKED_FOR_EVER) return "locked for ever";
  return `locked to ${new Date(Number(listedAt + lockSeconds) * 1000).toISOString().slice(0, 10)}`;
}

function duration(seconds: bigint): string {
  return `${String(Number(seconds) / 3600)} h`;
}
