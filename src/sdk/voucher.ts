import { hashTypedData, type Address, type Hex } from "viem";

/** The signer's permit for one order; valid while `validFrom ≤ chain time < validUntil` (seconds). */
export type Voucher = {
  nonce: bigint;
  /** Currency base units; the buyer's position never exceeds it. */
  cumulativeCap: bigint;
  validFrom: bigint;
  validUntil: bigint;
  orderId: Hex;
};

/** EIP-712 types of the voucher (contracts/libraries/VoucherLib.sol). */
export const voucherTypes = {
  Voucher: [
    { name: "buyer", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "cumulativeCap", type: "uint256" },
    { name: "validFrom", type: "uint256" },
    { name: "validUntil", type: "uint256" },
    { name: "orderId", type: "bytes32" },
  ],
} as const;

/** What a wallet library signs: domain, types and message of the voucher for `buyer` on `sale`. */
export function voucherTypedData({
  chainId,
  sale,
  buyer,
  voucher,
}: {
  chainId: number;
  sale: Address;
  buyer: Address;
  voucher: Voucher;
}) {
  return {
    domain: { name: "Slipway Sale", version: "1", chainId, verifyingContract: sale },
    types: voucherTypes,
    primaryType: "Voucher",
    message: { buyer, ...voucher },
  } as const;
}

/** The digest that the sale checks the signature against. */
export function voucherDigest(parameters: Parameters<typeof voucherTypedData>[0]): Hex {
  return hashTypedData(voucherTypedData(parameters));
}
