import { expect } from "chai";
import { bytesToHex, getAddress, type Hex } from "viem";
import { orderIdOf } from "../../src/sdk/orderId.ts";
import { voucherDigest } from "../../src/sdk/voucher.ts";
import { fastOrderId, fastVoucherDigest } from "../../src/signer/orders/fastHashes.ts";
import { seededRandom } from "../support/seededRandom.ts";

describe("fast hashes", () => {
  const random = seededRandom(7);
  const bytes = (count: number): Hex =>
    `0x${Array.from({ length: count }, () =>
      Math.floor(random() * 256)
        .toString(16)
        .padStart(2, "0"),
    ).join("")}`;
  /** Small, middling and full-size numbers alike. */
  const uint = () => BigInt(bytes(1 + Math.floor(random() * 32)));
  const address = () => getAddress(bytes(20));
  const text = (most: number) =>
    Array.from({ length: Math.floor(random() * most) }, () =>
      String.fromCodePoint(0x21 + Math.floor(random() * (random() < 0.9 ? 94 : 0x2fff))),
    ).join("");

  it("of vouchers are the slow ones", () => {
    for (let run = 0; run < 300; run++) {
      const voucher = { nonce: uint(), cumulativeCap: uint(), validFrom: uint(), validUntil: uint() };
      const chainId = 1 + Math.floor(random() * 3);
      const of = { chainId, sale: address(), buyer: address(), voucher: { ...voucher, orderId: bytes(32) } };
      expect(bytesToHex(fastVoucherDigest(of))).to.equal(voucherDigest(of));
    }
  });

  it("of orders are the slow ones, also at the edges of words and beyond ASCII", () => {
    const keys = ["", "k".repeat(31), "k".repeat(32), "k".repeat(33), "k".repeat(255)];
    for (let run = 0; run < 300; run++) keys.push(text(100));
    for (const key of keys) {
      const of = { chainId: 31337, sale: address(), principal: text(70), key };
      expect(fastOrderId(of)).to.equal(orderIdOf(of));
    }
  });
});
