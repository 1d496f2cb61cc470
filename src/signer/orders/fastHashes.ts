import { createKeccak } from "hash-wasm";
import { domainSeparator, type Address, type Hex } from "viem";
import type { orderIdOf } from "../../sdk/orderId.ts";
import { voucherTypedData, voucherTypes } from "../../sdk/voucher.ts";

const keccak = await createKeccak(256);
const hash = (bytes: Uint8Array): Uint8Array => keccak.init().update(bytes).digest("binary");

const fields = voucherTypes.Voucher.map((field) => `${field.type} ${field.name}`).join(",");
const typeHash = hash(Buffer.from(`Voucher(${fields})`));
/** Type hash and six words; the first twelve bytes of the buyer's stay zero. */
const struct = Buffer.alloc(7 * 32);
struct.set(typeHash);
/** 0x1901, domain separator, struct hash. */
const signed = Buffer.alloc(66);
signed.set([0x19, 0x01]);
let domain: { chainId: number; sale: Address; separator: Buffer } | undefined;

/** As `voucherDigest`, in a tenth of its time. */
export function fastVoucherDigest(parameters: Parameters<typeof voucherTypedData>[0]): Uint8Array {
  const { chainId, sale, buyer, voucher } = parameters;
  if (domain?.chainId !== chainId || domain.sale !== sale) {
    const separator = domainSeparator({ domain: voucherTypedData(parameters).domain });
    domain = { chainId, sale, separator: Buffer.from(separator.slice(2), "hex") };
  }
  struct.write(buyer.slice(2), 32 + 12, "hex");
  writeWord(struct, 2, voucher.nonce);
  writeWord(struct, 3, voucher.cumulativeCap);
  writeWord(struct, 4, voucher.validFrom);
  writeWord(struct, 5, voucher.validUntil);
  struct.write(voucher.orderId.slice(2), 6 * 32, "hex");
  signed.set(domain.separator, 2);
  signed.set(hash(struct), 34);
  return hash(signed);
}

/** As `orderIdOf`, likewise. */
export function fastOrderId(parameters: Parameters<typeof orderIdOf>[0]): Hex {
  const { chainId, sale, principal, key } = parameters;
  const [first, second] = [Buffer.from(principal, "utf8"), Buffer.from(key, "utf8")];
  const padded = (length: number): number => Math.ceil(length / 32) * 32;
  // Head of four words, then each string as its length and its bytes.
  const secondAt = 4 * 32 + 32 + padded(first.length);
  const bytes = Buffer.alloc(secondAt + 32 + padded(second.length));
  writeWord(bytes, 0, BigInt(chainId));
  bytes.write(sale.slice(2), 32 + 12, "hex");
  writeWord(bytes, 2, 128n);
  writeWord(bytes, 3, BigInt(secondAt));
  writeWord(bytes, 4, BigInt(first.length));
  bytes.set(first, 5 * 32);
  bytes.writeUInt32BE(second.length, secondAt + 28);
  bytes.set(second, secondAt + 32);
  return `0x${Buffer.from(hash(bytes)).toString("hex")}`;
}

function writeWord(target: Buffer, index: number, value: bigint): void {
  target.write(value.toString(16).padStart(64, "0"), index * 32, "hex");
}
