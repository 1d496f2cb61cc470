import { expect } from "chai";
import { zeroAddress, type Address } from "viem";
import { phases, type Phase } from "../../src/sdk/phase.ts";
import type { Terms } from "../../src/sdk/terms.ts";
import { demoLaunch } from "../../scripts/demo/demoLaunch.ts";
import { termsOf } from "../../src/sdk/launchFile/termsOf.ts";
import { fundsOf } from "../../src/web/watch/fundsOf.ts";
import { groupsOf } from "../../src/web/watch/groupsOf.ts";
import { powersOf } from "../../src/web/watch/powersOf.ts";
import { tokenPlacesOf } from "../../src/web/watch/tokenPlacesOf.ts";
import { priceChange, tokenPrice } from "../../src/web/watch/tokenPrice.ts";

const somebody: Address = "0x1111111111111111111111111111111111111111";
const roles = { signer: somebody, compliance: somebody, guardian: somebody };
const terms = {
  sale: { voucherRequired: true, ejectable: true },
  listing: { delay: 24n },
  roles,
} as unknown as Terms;

type Given = Partial<
  Pick<Parameters<typeof powersOf>[0], "owner" | "signers" | "allocations"> &
    Pick<Parameters<typeof powersOf>[0]["state"], "time" | "listedAt" | "pausedUntil"> & { change: object }
>;

describe("powersOf", () => {
  const signer = { address: somebody, maxCap: 7n, isStruckOff: false };
  const rows = (
    phase: Phase,
    { time = 150n, listedAt = 0n, pausedUntil = 0n, change = {}, ...given }: Given = {},
  ) =>
    powersOf({
      state: { phase, time, settledAt: 200n, listedAt, pausedUntil },
      terms: { ...terms, ...change },
      ...{ owner: somebody, signers: [signer], allocations: [], ...given },
    });
  const powers = (...given: Parameters<typeof rows>) => rows(...given).flatMap(({ can }) => can);

  it("has every power in an open sale, a pause only once", () => {
    const all = ["vouchers", "signers", "invalidate", "eject", "pause", "declare-failed"];
    expect(powers("open")).to.deep.equal(all);
    expect(powers("open", { pausedUntil: 1n })).to.deep.equal(all.filter((power) => power !== "pause"));
  });

  it("leaves the guardian alone something to do after the settlement, to the last second of the delay", () => {
    expect(powers("succeeded", { time: 223n })).to.deep.equal(["declare-failed"]);
    expect(powers("succeeded", { time: 224n })).to.deep.equal([]);
  });

  it("leaves nobody any power once listed or failed", () => {
    expect([...powers("listed"), ...powers("failed")]).to.deep.equal([]);
  });

  it("knows no ejection where the terms have none, and no vouchers where none is needed", () => {
    const change = { sale: { voucherRequired: false, ejectable: false } };
    expect(powers("open", { change })).to.deep.equal(["invalidate", "pause", "declare-failed"]);
  });

  it("gives nobody's powers to nobody", () => {
    const nobody = { signer: zeroAddress, compliance: zeroAddress, guardian: zeroAddress };
    const owner: Address = "0x000000000000000000000000000000000000dEaD";
    for (const phase of phases) {
      const signers = [{ ...signer, address: zeroAddress }];
      expect(powers(phase, { change: { roles: nobody }, owner, signers })).to.deep.equal([]);
    }
  });

  it("knows every signer with its own bound, and leaves nothing to one that was struck off", () => {
    const signers = [
      { ...signer, isStruckOff: true },
      { ...signer, maxCap: 9n },
    ];
    const told = rows("open", { signers }).filter(({ role }) => role === "signer");
    expect(told.map(({ can, maxCap }) => [can, maxCap])).to.deep.equal([
      [[], 7n],
      [["vouchers"], 9n],
    ]);
  });

  it("leaves a revoker its power until the last of the allocation has vested, or the sale failed", () => {
    const schedule = { initialBps: 0, cliffSeconds: 0n, durationSeconds: 100n, steps: 0 };
    const allocations = [
      { label: "team", revoker: somebody, schedule },
      { label: "partners", revoker: zeroAddress, schedule },
    ];
    const left = (phase: Phase, time: bigint, listedAt: bigint) =>
      rows(phase, { allocations, time, listedAt }).filter(({ role }) => role === "revoker");
    expect(left("open", 150n, 0n)).to.deep.equal([
      { role: "revoker", holder: somebody, can: ["revoke"], group: "team" },
    ]);
    expect(left("listed", 399n, 300n)[0]?.can).to.deep.equal(["revoke"]);
    expect(left("listed", 400n, 300n)[0]?.can).to.deep.equal([]);
    expect(left("failed", 150n, 0n)[0]?.can).to.deep.equal([]);
  });
});

describe("fundsOf", () => {
  const funds = { balance: 0n, feeOwed: 0n, treasury: 0n, treasuryPaid: 0n, listed: undefined };
  const total = (parts: { amount: bigint }[]) => parts.reduce((sum, { amount }) => sum + amount, 0n);

  it("has everything in positions before the listing, and says what lies beside them", () => {
    for (const phase of ["open", "closed", "succeeded"] as const) {
      expect(fundsOf({ phase, raised: 90n, funds: { ...funds, balance: 100n } })).to.deep.equal([
        { place: "positions", amount: 90n },
        { place: "beside", amount: 10n },
      ]);
    }
  });

  it("tells what waits for buyers of a failed sale from what they took back", () => {
    expect(fundsOf({ phase: "failed", raised: 90n, funds: { ...funds, balance: 60n } })).to.deep.equal([
      { place: "waiting", amount: 60n },
      { place: "taken-back", amount: 30n },
    ]);
  });

  it("splits a listed sale into pool, fee and treasury, paid and owed, to the last unit", () => {
    const listed = { pool: 40n, fee: 5n };
    const parts = fundsOf({
      ...{ phase: "listed", raised: 100n },
      funds: { balance: 38n, feeOwed: 5n, treasury: 55n, treasuryPaid: 22n, listed },
    });
    expect(parts).to.deep.equal([
      { place: "pool", amount: 40n },
      { place: "treasury-paid", amount: 22n },
      { place: "treasury-owed", amount: 33n },
      { place: "fee-owed", amount: 5n },
    ]);
    expect(total(parts)).to.equal(100n);
  });

  it("is empty where nothing was paid", () => {
    expect(fundsOf({ phase: "open", raised: 0n, funds })).to.deep.equal([]);
  });
});

describe("groupsOf", () => {
  const { vesting } = demoLaunch("v4");
  const launchTerms = termsOf(demoLaunch("v4"), {
    ...{ currency: somebody, venue: somebody, vesting: somebody },
  });

  it("shows allocations that hash to the terms' root, and none of others", () => {
    expect(groupsOf(vesting.allocations, launchTerms)).to.deep.equal({
      ...{ allocations: vesting.allocations, isProved: true },
    });
    const dearer = vesting.allocations.map((each) => ({ ...each, amount: each.amount + 1n }));
    for (const other of [dearer, vesting.allocations.toReversed(), []]) {
      expect(groupsOf(other, launchTerms)).to.deep.equal({ allocations: [], isProved: false });
    }
  });
});

describe("tokenPlacesOf", () => {
  // Of 1,000: 300 for team and others, 90 · 5 sold, 200 for the pool, 50 left over.
  const places = (phase: Phase, funds: Partial<Parameters<typeof tokenPlacesOf>[0]["funds"]>) =>
    tokenPlacesOf({
      ...{ phase, raised: 90n },
      terms: {
        token: { maxSupply: 1_000n },
        sale: { price: { currencyUnits: 1n, tokenUnits: 5n } },
        vesting: { allocationsTotal: 300n },
      },
      funds: { token: somebody, tokens: 700n, unsold: 0n, vesting: 300n, listed: undefined, ...funds },
    }).map(({ place, amount }) => [place, amount]);
  const total = (parts: (string | bigint)[][]) =>
    parts.reduce((sum, [, amount]) => sum + (amount as bigint), 0n);

  it("has all of it in sale and vesting before the listing", () => {
    for (const phase of ["pending", "open", "closed", "succeeded"] as const) {
      expect(places(phase, {})).to.deep.equal([
        ["for-buyers", 450n],
        ["for-pool-or-unsold", 250n],
        ["vesting", 300n],
      ]);
    }
  });

  it("splits a listed launch to the last unit, whatever was claimed, paid out and burned", () => {
    const listed = { poolTokens: 200n, unsold: 50n };
    expect(places("listed", { tokens: 500n, unsold: 50n, listed })).to.deep.equal([
      ["for-buyers", 450n],
      ["pool", 200n],
      ["vesting", 300n],
      ["unsold-owed", 50n],
    ]);
    const later = places("listed", { tokens: 120n, unsold: 0n, vesting: 110n, listed });
    expect(later).to.deep.equal([
      ["for-buyers", 120n],
      ["claimed", 330n],
      ["pool", 200n],
      ["vesting", 110n],
      ["vesting-left", 190n],
      ["unsold-gone", 50n],
    ]);
    expect(total(later)).to.equal(1_000n);
  });

  it("tells what strangers sent to the sale apart", () => {
    const listed = { poolTokens: 200n, unsold: 50n };
    expect(places("listed", { tokens: 507n, unsold: 50n, listed })).to.deep.include(["beside", 7n]);
  });

  it("knows a token that is born in the listing, one that is not there yet, and a failed sale", () => {
    expect(places("open", { token: zeroAddress, tokens: 0n, vesting: 0n })).to.deep.equal([
      ["unborn", 1_000n],
    ]);
    expect(places("unfunded", { tokens: 0n, vesting: 0n })).to.deep.equal([["not-escrowed", 1_000n]]);
    expect(places("failed", {})).to.deep.equal([
      ["given-up", 700n],
      ["vesting", 300n],
    ]);
    expect(places("failed", { tokens: 0n, vesting: 0n })).to.deep.equal([["gone", 1_000n]]);
  });
});

describe("priceChange", () => {
  it("is in ten-thousandths of the price before, to nearest", () => {
    const price = (currencyUnits: bigint, tokenUnits: bigint) => ({ currencyUnits, tokenUnits });
    expect(priceChange(price(5n, 100n), price(1n, 20n))).to.equal(0n);
    expect(priceChange(price(6n, 100n), price(1n, 20n))).to.equal(2_000n);
    expect(priceChange(price(1n, 40n), price(1n, 20n))).to.equal(-5_000n);
    expect(priceChange(price(200_009n, 200_000n), price(1n, 1n))).to.equal(0n);
    expect(priceChange(price(200_011n, 200_000n), price(1n, 1n))).to.equal(1n);
  });
});

describe("tokenPrice", () => {
  it("is currency for a whole token, to the nearest unit: v4's price lies a hair below the listing's", () => {
    const listed = { currencyUnits: 1n, tokenUnits: 20_000_000_000_000n };
    expect(tokenPrice(listed, 18)).to.equal(50_000n);
    const root = 17_715_955_711_429_571_029_610n; // ⌊√(5 · 10^-14) · 2^96⌋
    expect(tokenPrice({ currencyUnits: root ** 2n, tokenUnits: 2n ** 192n }, 18)).to.equal(50_000n);
    expect(tokenPrice({ currencyUnits: 5n, tokenUnits: 10n }, 0)).to.equal(1n);
    expect(tokenPrice({ currencyUnits: 4n, tokenUnits: 10n }, 0)).to.equal(0n);
  });
});
