import { expect } from "chai";
import { choosePath, type Path, type PathFacts } from "../../src/web/purchase/choosePath.ts";

/** A plain account, a token that takes authorizations, nothing allowed yet. */
const plain: PathFacts = {
  ...{ currency: "token", amount: 50n, allowance: 0n, resetFirst: false },
  ...{ batching: "none", takes: "authorization", ownerHasCode: false, refused: [] },
};

const cases: [when: string, facts: Partial<PathFacts>, path: Path][] = [
  [
    "it is paid in ether, whatever the wallet can do",
    { currency: "ether", batching: "supported" },
    "purchase",
  ],
  ["the allowance is exactly enough", { allowance: 50n, batching: "supported" }, "purchase"],
  [
    "the allowance is one unit short, and the wallet batches",
    { allowance: 49n, batching: "supported" },
    "batch",
  ],
  ["the wallet would batch after an upgrade", { batching: "ready" }, "batch"],
  ["an account with code batches", { batching: "supported", ownerHasCode: true }, "batch"],
  ["the batch was refused", { batching: "ready", refused: ["batch"] }, "authorization"],
  ["the token takes authorizations", {}, "authorization"],
  ["the token takes permits", { takes: "permit" }, "permit"],
  ["the token takes no signature", { takes: "nothing" }, "approve"],
  ["the owner has code: its signature may not count", { ownerHasCode: true }, "approve"],
  ["the signature was refused", { refused: ["signature"] }, "approve"],
  ["batch and signature were refused", { batching: "supported", refused: ["batch", "signature"] }, "approve"],
  [
    "the token wants a reset first",
    { takes: "nothing", allowance: 49n, resetFirst: true },
    "reset-allowance",
  ],
  ["the reset is done", { takes: "nothing", allowance: 0n, resetFirst: true }, "approve"],
  ["a batch resets within it", { batching: "supported", allowance: 49n, resetFirst: true }, "batch"],
  ["a signature needs no reset", { allowance: 49n, resetFirst: true }, "authorization"],
];

describe("choosePath", () => {
  for (const [when, facts, path] of cases) {
    it(`${path} when ${when}`, () => {
      expect(choosePath({ ...plain, ...facts })).to.equal(path);
    });
  }
});
