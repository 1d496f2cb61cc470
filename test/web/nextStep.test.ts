import { expect } from "chai";
import { nextStep, type PurchaseFacts, type PurchaseStep } from "../../src/web/purchase/nextStep.ts";

/** Voucher at hand, money there, allowance given. */
const ready: PurchaseFacts = {
  ...{ bought: false, nonce: 4n, chainNonce: 4n, voucherUntil: 1_000n, now: 999n },
  ...{ currency: "token", amount: 50n, balance: 50n, allowance: 50n, resetFirst: false },
  ...{ batching: "none", takes: "nothing", ownerHasCode: false, refused: [] },
  ...{ batchSent: false, signed: false },
};

const cases: [when: string, facts: Partial<PurchaseFacts>, step: PurchaseStep][] = [
  ["all is there", {}, "purchase"],
  ["it is bought, whatever else", { bought: true, chainNonce: 5n, purchase: "pending" }, "finish"],
  ["the purchase is in the pool", { purchase: "pending" }, "await-purchase"],
  [
    "the purchase is in the pool and the nonce moved",
    { purchase: "pending", chainNonce: 5n },
    "await-purchase",
  ],
  ["the nonce went to something else", { chainNonce: 5n }, "give-up"],
  ["the order is of another chain's past", { chainNonce: 3n }, "give-up"],
  ["the purchase was dropped", { purchase: "missing" }, "purchase"],
  ["the purchase reverted", { purchase: "reverted" }, "report-revert"],
  ["the approval is in the pool", { approval: "pending", allowance: 0n }, "await-approval"],
  ["the approval reverted", { approval: "reverted", allowance: 0n }, "report-revert"],
  ["the approval was dropped", { approval: "missing", allowance: 0n }, "approve"],
  ["there is no voucher yet", { voucherUntil: undefined }, "order"],
  ["the voucher is in its last second", { now: 999n }, "purchase"],
  ["the voucher just ended", { now: 1_000n }, "renew"],
  ["the balance is one unit short", { balance: 49n }, "top-up"],
  ["the allowance is one unit short", { allowance: 49n }, "approve"],
  ["the token refuses to change an allowance", { allowance: 49n, resetFirst: true }, "reset-allowance"],
  ["the allowance was reset", { allowance: 0n, resetFirst: true }, "approve"],
  [
    "a batch is with the wallet, whatever else it could do",
    { batchSent: true, allowance: 0n },
    "await-batch",
  ],
  [
    "a batch is with the wallet and its purchase is in the pool",
    { batchSent: true, purchase: "pending" },
    "await-purchase",
  ],
  ["a batch bought something else", { batchSent: true, chainNonce: 5n }, "give-up"],
  ["the wallet batches", { batching: "supported", allowance: 0n }, "batch"],
  ["the token takes a signature", { takes: "permit", allowance: 0n }, "sign"],
  ["the signature is there", { takes: "permit", allowance: 0n, signed: true }, "purchase"],
  ["it is paid in ether", { currency: "ether", allowance: 0n }, "purchase"],
];

describe("nextStep", () => {
  for (const [when, facts, step] of cases) {
    it(`${step} when ${when}`, () => {
      expect(nextStep({ ...ready, ...facts })).to.equal(step);
    });
  }
});
