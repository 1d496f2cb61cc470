import { encodeAbiParameters, keccak256, type Address, type Hex } from "viem";

/**
 * The order's id, in the voucher, the event and the indexer's row:
 * keccak256(abi.encode(chainId, sale, principal, key)).
 * `principal` is who asks (a wallet's address in lower case, or a partner's id); `key` its idempotency key.
 */
export function orderIdOf({
  chainId,
  sale,
  principal,
  key,
}: {
  chainId: number;
  sale: Address;
  principal: string;
  key: string;
}): Hex {
  return keccak256(
    encodeAbiParameters(
      [{ type: "uint256" }, { type: "address" }, { type: "string" }, { type: "string" }],
      [BigInt(chainId), sale, principal, key],
    ),
  );
}
