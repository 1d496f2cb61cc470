import { expect } from "chai";
import { compareTerms } from "../../src/web/chain/compareTerms.ts";

const sale = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const termsHash = `0x${"ab".repeat(32)}` as const;
const other = `0x${"cd".repeat(32)}` as const;

const agreed = {
  config: {
    ...{ chainId: 1, sale, termsHash },
    launch: { name: "Acme", symbol: "ACME", decimals: 18, currencySymbol: "USDC", currencyDecimals: 6 },
  },
  state: { chainId: 1, termsHash },
  created: { hash: termsHash, currencyDecimals: 6, terms: { token: { decimals: 18, symbol: "ACME" } } },
  signer: { chainId: 1, sale, termsHash },
} as const satisfies Parameters<typeof compareTerms>[0];

describe("compareTerms", () => {
  const found = (change: Partial<Parameters<typeof compareTerms>[0]>) =>
    compareTerms({ ...agreed, ...change }).map(({ where, what }) => `${where}: ${what}`);

  it("finds nothing where all agree, in any case of the hex", () => {
    expect(found({})).to.deep.equal([]);
    expect(
      found({ signer: { chainId: 1, sale: sale.toLowerCase() as typeof sale, termsHash } }),
    ).to.deep.equal([]);
  });

  it("is silent about a signer that does not answer", () => {
    expect(found({ signer: undefined })).to.deep.equal([]);
  });

  it("finds another hash on chain", () => {
    expect(found({ state: { chainId: 1, termsHash: other } })).to.deep.equal(["chain: terms hash"]);
  });

  it("finds terms that do not hash to what the chain says", () => {
    expect(found({ created: { ...agreed.created, hash: other } })).to.deep.equal([
      "chain: hash of the terms shown",
    ]);
  });

  it("finds a node of another chain", () => {
    expect(found({ state: { chainId: 2, termsHash } })).to.deep.equal(["chain: chain id"]);
  });

  it("finds decimals by which every amount would be wrong", () => {
    expect(found({ created: { ...agreed.created, currencyDecimals: 18 } })).to.deep.equal([
      "chain: currency decimals",
    ]);
  });

  it("finds a signer of another launch", () => {
    const signer = {
      chainId: 2,
      sale: "0x1111111111111111111111111111111111111111",
      termsHash: other,
    } as const;
    expect(found({ signer })).to.deep.equal(["signer: chain id", "signer: sale", "signer: terms hash"]);
  });
});
