import { createPublicClient, fallback, http, type Address, type Hex } from "viem";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import { phaseOf, type Phase } from "../../sdk/phase.ts";
import { signerError } from "../../sdk/signerErrors.ts";

/** When a block counts as final: so many blocks below the head, or when the chain's consensus says so. */
export type Finality = { kind: "depth"; depth: number } | { kind: "tag" };

export type WalletPosition = { paid: bigint; nonce: bigint };

/** The sale as one block sees it, and the same wallets at the last final block. */
export type Snapshot = {
  /** Chain time of the head, seconds. */
  time: bigint;
  phase: Phase;
  head: ReadonlyMap<Address, WalletPosition>;
  finalised: { number: bigint; time: bigint; positions: ReadonlyMap<Address, WalletPosition> };
};

export type SignerStanding = { status: number; maxCap: bigint; maxWindow: bigint };

/** The signer's view of the chain. Everything throws `chain-unreachable` when no node answers. */
export type SaleReader = {
  chainId: () => Promise<number>;
  time: () => Promise<bigint>;
  termsHash: () => Promise<Hex>;
  domain: () => Promise<{ name: string; version: string; chainId: bigint; verifyingContract: Address }>;
  signerOf: (signer: Address) => Promise<SignerStanding>;
  snapshot: (wallets: readonly Address[]) => Promise<Snapshot>;
  /** What was filled, for those of the orders that were purchased in `fromBlock` or later. */
  purchases: (orders: readonly Hex[], fromBlock: bigint) => Promise<ReadonlyMap<Hex, bigint>>;
};

const NOTHING: WalletPosition = { paid: 0n, nonce: 0n };
/** Nodes refuse logs over long ranges. */
const LOG_RANGE = 10_000n;

export function createSaleReader({
  urls,
  record,
  finality,
}: {
  urls: readonly string[];
  record: LaunchRecord;
  finality: Finality;
}): SaleReader {
  const transports = urls.map((url) =>
    http(url, {
      ...{ batch: { batchSize: 100 }, timeout: 5_000, retryCount: 1, retryDelay: 50 },
      // A node that is taken over leads nobody to addresses of our own network.
      fetchOptions: { redirect: "error" },
    }),
  );
  const client = createPublicClient({ transport: fallback(transports, { retryCount: 0 }), cacheTime: 0 });
  const sale = { address: record.sale, abi: saleAbi } as const;

  async function positionsAt(
    wallets: readonly Address[],
    blockNumber: bigint,
  ): Promise<Map<Address, WalletPosition>> {
    if (blockNumber < record.startBlock) return new Map(wallets.map((wallet) => [wallet, NOTHING]));
    const entries = wallets.map(async (wallet): Promise<[Address, WalletPosition]> => {
      const [paid, , nonce] = await client.readContract({
        ...sale,
        functionName: "positionOf",
        args: [wallet],
        blockNumber,
      });
      return [wallet, { paid, nonce }];
    });
    return new Map(await Promise.all(entries));
  }

  async function finalisedBlock(head: bigint) {
    if (finality.kind === "tag") return client.getBlock({ blockTag: "finalized" });
    const depth = BigInt(finality.depth);
    return client.getBlock({ blockNumber: head > depth ? head - depth : 0n });
  }

  return {
    chainId: () => reaching(() => client.getChainId()),
    time: () => reaching(async () => (await client.getBlock()).timestamp),
    termsHash: () => reaching(() => client.readContract({ ...sale, functionName: "termsHash" })),
    domain: () =>
      reaching(async () => {
        const [, name, version, chainId, verifyingContract] = await client.readContract({
          ...sale,
          functionName: "eip712Domain",
        });
        return { name, version, chainId, verifyingContract };
      }),
    signerOf: (signer) =>
      reaching(async () => {
        const [status, maxCap, maxWindow] = await client.readContract({
          ...sale,
          functionName: "signerOf",
          args: [signer],
        });
        return { status, maxCap, maxWindow };
      }),
    snapshot: (wallets) =>
      reaching(async () => {
        const block = await client.getBlock();
        const finalised = await finalisedBlock(block.number);
        const [phase, head, positions] = await Promise.all([
          client.readContract({ ...sale, functionName: "phase", blockNumber: block.number }),
          positionsAt(wallets, block.number),
          positionsAt(wallets, finalised.number),
        ]);
        return {
          ...{ time: block.timestamp, phase: phaseOf(phase), head },
          finalised: { number: finalised.number, time: finalised.timestamp, positions },
        };
      }),
    purchases: (orders, fromBlock) =>
      reaching(async () => {
        const found = new Map<Hex, bigint>();
        if (orders.length === 0) return found;
        const last = await client.getBlockNumber();
        for (let from = fromBlock; from <= last; from += LOG_RANGE) {
          const to = from + LOG_RANGE - 1n < last ? from + LOG_RANGE - 1n : last;
          const logs = await client.getContractEvents({
            ...{ ...sale, eventName: "Purchased", args: { orderId: [...orders] } },
            ...{ fromBlock: from, toBlock: to, strict: true },
          });
          for (const { args } of logs) found.set(args.orderId, args.amount);
        }
        return found;
      }),
  };
}

async function reaching<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw signerError("chain-unreachable", "", { cause, retryAfter: 2 });
  }
}
