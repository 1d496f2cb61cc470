import { createPublicClient, fallback, http, type Address, type Hex } from "viem";
import { systemClock } from "../../chain/clock.ts";
import { createRpcSource } from "../../chain/rpcSource.ts";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import type { Phase } from "../../sdk/phase.ts";
import { signerError } from "../../sdk/signerErrors.ts";
import { createBatcher } from "../createBatcher.ts";
import { readSnapshot } from "./readSnapshot.ts";

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
  /** The latest block. */
  head: () => Promise<{ number: bigint; timestamp: bigint }>;
  termsHash: () => Promise<Hex>;
  domain: () => Promise<{ name: string; version: string; chainId: bigint; verifyingContract: Address }>;
  signerOf: (signer: Address) => Promise<SignerStanding>;
  /** Does this contract wallet say that it signed this (ERC-1271), be it deployed or not yet (ERC-6492)? Throws `busy` too. */
  signedByContract: (login: { address: Address; message: string; signature: Hex }) => Promise<boolean>;
  snapshot: (wallets: readonly Address[]) => Promise<Snapshot>;
  /** What was filled, for those of the orders that were purchased in `fromBlock` or later. */
  purchases: (orders: readonly Hex[], fromBlock: bigint) => Promise<ReadonlyMap<Hex, bigint>>;
};

const TIMEOUT_MS = 5_000;
/** Whoever logs in has the node run code of its own choice. */
const LOGINS = { atOnce: 8, longest: 32 };
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
  // A node that is taken over leads nobody to addresses of our own network.
  const fetchOptions = { redirect: "error" } as const;
  const transports = urls.map((url) =>
    http(url, {
      ...{ batch: { batchSize: 100 }, timeout: TIMEOUT_MS, retryCount: 1, retryDelay: 50, fetchOptions },
    }),
  );
  // Of its own, as answers of one batch wait for each other: readiness does not wait for what a stranger has run.
  const logins = createPublicClient({
    transport: fallback(
      urls.map((url) => http(url, { timeout: TIMEOUT_MS, retryCount: 0, fetchOptions })),
      { retryCount: 0 },
    ),
  });
  const sources = urls.map((url) =>
    createRpcSource({
      ...{ url, clock: systemClock, timeoutMs: TIMEOUT_MS },
      fetch: (input, init) => fetch(input, { ...init, ...fetchOptions }),
    }),
  );
  const client = createPublicClient({ transport: fallback(transports, { retryCount: 0 }), cacheTime: 0 });
  const sale = { address: record.sale, abi: saleAbi } as const;

  /** Many wallets in one look: what is asked for meanwhile goes with the next. */
  const snapshot = createBatcher({
    run: async (asked: (readonly Address[])[]) => {
      const wallets = [...new Set(asked.flat())];
      const seen = await reaching(() => readSnapshot({ sources, record, finality, wallets }));
      return asked.map(() => seen);
    },
    atOnce: 2,
  });

  // One call that leaves nothing on chain; the library's validator deploys what is not there yet within it.
  const signedByContract = createBatcher({
    run: (asked: Parameters<SaleReader["signedByContract"]>[0][]) =>
      reaching(() => Promise.all(asked.map((login) => logins.verifyMessage(login)))),
    ...{ ...LOGINS, most: 1 },
  });

  return {
    chainId: () => reaching(() => client.getChainId()),
    head: () => reaching(() => client.getBlock()),
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
    signedByContract,
    snapshot,
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
