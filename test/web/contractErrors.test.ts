import { expect } from "chai";
import { encodeErrorResult, type Abi, type Hex } from "viem";
import { launchTokenAbi } from "../../src/sdk/abi/LaunchToken.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { venueV2Abi } from "../../src/sdk/abi/VenueV2.ts";
import { venueV3Abi } from "../../src/sdk/abi/VenueV3.ts";
import { venueV4Abi } from "../../src/sdk/abi/VenueV4.ts";
import { vestingAbi } from "../../src/sdk/abi/Vesting.ts";
import { contractErrorOf, contractErrors } from "../../src/sdk/contractErrors.ts";

const abis: Record<string, Abi> = { saleAbi, vestingAbi, venueV2Abi, venueV3Abi, venueV4Abi };

function errorNames(abi: Abi): string[] {
  return abi.flatMap((item) => (item.type === "error" ? [item.name] : []));
}

const anySaleAbi: Abi = saleAbi;

function revert(errorName: string, args: readonly unknown[] = []): Hex {
  return encodeErrorResult({ abi: anySaleAbi, errorName, args });
}

describe("contractErrors", () => {
  for (const [name, abi] of Object.entries(abis)) {
    it(`has words for every error of ${name}`, () => {
      expect(errorNames(abi).filter((error) => !Object.hasOwn(contractErrors, error))).to.deep.equal([]);
    });
  }

  it("has no words for errors that no contract has", () => {
    const known = new Set([...Object.values(abis), launchTokenAbi as Abi].flatMap(errorNames));
    expect(Object.keys(contractErrors).filter((name) => !known.has(name))).to.deep.equal([]);
  });

  it("says of each what is so and what to do", () => {
    for (const [name, { title, wayOut }] of Object.entries(contractErrors)) {
      expect(title, name).to.have.length.greaterThan(10);
      expect(wayOut, name).to.match(/\.$/);
    }
  });
});

describe("contractErrorOf", () => {
  it("decodes revert data, with got and wanted", () => {
    const error = contractErrorOf(revert("Sale_NonceUsed", [3n, 4n]));
    expect(error?.code).to.equal("Sale_NonceUsed");
    expect(error?.problems).to.have.lengthOf(1);
    expect(error?.problems[0]).to.include({ field: "got", got: "3", wanted: "wanted 4" });
  });

  it("finds the data at any depth of what nodes and wallets wrap it in", () => {
    const data = revert("Sale_SoldOut");
    for (const cause of [{ data }, { data: { data } }, { raw: data }]) {
      expect(contractErrorOf(cause)?.code).to.equal("Sale_SoldOut");
    }
  });

  it("writes phases by name and times as dates", () => {
    expect(contractErrorOf(revert("Sale_WrongPhase", [1, 2]))?.problems[0]).to.include({
      got: "pending",
      wanted: "wanted open",
    });
    // 2 208 988 800 = 2040-01-01T00:00:00Z, by `date -u -d @2208988800`.
    const expired = contractErrorOf(revert("Sale_VoucherExpired", [2_208_988_800n, 2_208_988_799n]));
    expect(expired?.problems[0]?.got).to.equal("2040-01-01T00:00:00Z");
    expect(expired?.problems[0]?.wanted).to.contain("2039-12-31T23:59:59Z");
  });

  it("says what it met, whatever the error carries", () => {
    const messageOf = (name: string, args: readonly unknown[]) =>
      contractErrorOf(revert(name, args))?.message;
    expect(messageOf("Sale_NonceUsed", [3n, 4n])).to.match(/: got 3, wanted 4$/);
    expect(messageOf("Sale_Paused", [2_208_988_800n])).to.match(/: until 2040-01-01T00:00:00Z$/);
    expect(messageOf("Sale_NothingPaid", [`0x${"11".repeat(20)}`])).to.match(/: buyer 0x1{40}$/);
    expect(messageOf("Sale_SoldOut", [])).to.equal(contractErrors.Sale_SoldOut.title);
    expect(messageOf("Sale_TermsInvalid", ["sale.closesAt", 1n, 2n])).to.match(
      /: sale.closesAt 1, wanted 2$/,
    );
  });

  it("marks as retryable what passes by itself", () => {
    expect(contractErrorOf(revert("Sale_Paused", [1n]))?.retryable).to.equal(true);
    expect(contractErrorOf(revert("Sale_NonceUsed", [0n, 1n]))?.retryable).to.equal(false);
  });

  for (const [what, cause] of [
    ["an error of ours without data", new Error("Sale_SoldOut")],
    ["unknown data", { data: "0xdeadbeef" }],
    ["data cut short", { data: revert("Sale_NonceUsed", [3n, 4n]).slice(0, 40) }],
    ["empty data", { data: "0x" }],
    ["nothing", undefined],
  ] as const) {
    it(`answers nothing to ${what}`, () => {
      expect(contractErrorOf(cause)).to.equal(undefined);
    });
  }
});
