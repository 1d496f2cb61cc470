import {
  concat,
  domainSeparator,
  encodeAbiParameters,
  keccak256,
  slice,
  zeroHash,
  type Address,
  type Hex,
} from "viem";

/** Kinds of history entries, numbered as `Kind` in contracts/interfaces/ISale.sol. */
export const historyKinds = ["purchase", "withdraw", "invalidate", "eject"] as const;
export type HistoryKind = (typeof historyKinds)[number];

export type HistoryEntry = {
  kind: HistoryKind;
  buyer: Address;
  /** The nonce this entry consumed; for `invalidate`, the buyer's next valid one. */
  nonce: bigint;
  /** Currency base units: filled, returned or ejected; zero for `invalidate`. */
  amount: bigint;
  /** Zero but for purchases. */
  orderId: Hex;
};

/** 19 bytes: the history before any entry. */
export function historyStart({
  chainId,
  sale,
  termsHash,
}: {
  chainId: number;
  sale: Address;
  termsHash: Hex;
}): Hex {
  const domain = domainSeparator({
    domain: { name: "Slipway Sale", version: "1", chainId, verifyingContract: sale },
  });
  return slice(keccak256(concat(["0x1901", domain, termsHash])), 0, 19);
}

/** 19 bytes: the history after `entry`. */
export function historyNext(history: Hex, entry: HistoryEntry): Hex {
  const encoded = encodeAbiParameters(
    [
      { type: "bytes19" },
      { type: "uint8" },
      { type: "address" },
      { type: "uint256" },
      { type: "uint256" },
      { type: "bytes32" },
    ],
    [
      history,
      historyKinds.indexOf(entry.kind),
      entry.buyer,
      entry.nonce,
      entry.amount,
      entry.kind === "purchase" ? entry.orderId : zeroHash,
    ],
  );
  return slice(keccak256(encoded), 0, 19);
}

/** 2^32 − 1: a nonce that is never consumed; at it a buyer can leave but not buy. */
export const LAST_NONCE = 2n ** 32n - 1n;

/** The buyer's nonce after an entry. */
export function nonceAfter(entry: HistoryEntry): bigint {
  if (entry.kind === "invalidate" || entry.nonce === LAST_NONCE) return entry.nonce;
  return entry.nonce + 1n;
}
