import { expect } from "chai";
import { SlipwayError } from "../../src/sdk/problem.ts";
import { parsePageConfig } from "../../src/web/config/pageConfig.ts";

const persona = {
  name: "Ada",
  note: "can buy",
  address: "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
  privateKey: `0x${"1".repeat(64)}`,
};
const allocation = {
  ...{ label: "team", beneficiary: persona.address, amount: "5" },
  schedule: { initialBps: 0, cliffSeconds: "0", durationSeconds: "60", steps: 0 },
  revoker: "0x0000000000000000000000000000000000000000",
};
const good = {
  chainId: 31337,
  rpcUrl: "http://127.0.0.1:8545",
  signerUrl: "http://127.0.0.1:7410",
  indexerUrl: "https://indexer.example",
  sale: "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
  termsHash: `0x${"ab".repeat(32)}`,
  ...{ startBlock: "12", local: true },
  launch: { name: "Acme", symbol: "ACME", decimals: 18, currencySymbol: "USDC", currencyDecimals: 6 },
  personas: [persona],
};

function fieldsWrong(value: unknown): string[] {
  try {
    parsePageConfig(value);
    return [];
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    expect(error.code).to.equal("config-invalid");
    return error.problems.map((problem) => problem.field);
  }
}

describe("parsePageConfig", () => {
  it("reads a whole configuration", () => {
    const config = parsePageConfig(good);
    expect(config.sale).to.equal("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    expect(config.startBlock).to.equal(12n);
    expect(config.personas[0]?.name).to.equal("Ada");
  });

  it("reads allocations in base units and seconds", () => {
    const { allocations } = parsePageConfig({ ...good, allocations: [allocation] });
    expect(allocations[0]).to.deep.include({
      ...{ label: "team", amount: 5n },
      schedule: { initialBps: 0, cliffSeconds: 0n, durationSeconds: 60n, steps: 0 },
    });
  });

  it("knows where the identity check is, or that nobody said", () => {
    const identityUrl = "https://check.example/acme";
    expect(parsePageConfig({ ...good, identityUrl }).identityUrl).to.equal(identityUrl);
    expect(parsePageConfig(good).identityUrl).to.equal(undefined);
  });

  it("keeps no personas unless the chain is local", () => {
    expect(parsePageConfig({ ...good, local: false }).personas).to.deep.equal([]);
    expect(parsePageConfig({ ...good, local: "true" }).local).to.equal(false);
  });

  it("names every field that is wrong, at once", () => {
    expect(fieldsWrong({}).sort()).to.deep.equal(
      [
        ...["chainId", "rpcUrl", "signerUrl", "indexerUrl", "sale", "termsHash", "startBlock"],
        ...[
          "launch.name",
          "launch.symbol",
          "launch.currencySymbol",
          "launch.decimals",
          "launch.currencyDecimals",
        ].sort(),
      ].sort(),
    );
  });

  const cases: [field: string, change: Record<string, unknown>][] = [
    ["rpcUrl", { rpcUrl: "javascript:alert(1)" }],
    ["signerUrl", { signerUrl: "/signer" }],
    ["chainId", { chainId: "31337" }],
    ["chainId", { chainId: 0 }],
    ["sale", { sale: "0x12" }],
    ["termsHash", { termsHash: "0x12" }],
    ["startBlock", { startBlock: "-1" }],
    ["startBlock", { startBlock: undefined }],
    ["launch.decimals", { launch: { ...good.launch, decimals: 6.5 } }],
    ["launch.currencyDecimals", { launch: { ...good.launch, currencyDecimals: 37 } }],
    ["personas", { personas: [{ ...persona, privateKey: "0x12" }] }],
    ["personas", { personas: {} }],
    ["identityUrl", { identityUrl: "javascript:alert(1)" }],
    ["allocations", { allocations: [{ ...allocation, amount: 5 }] }],
    ["allocations", { allocations: [{ ...allocation, schedule: {} }] }],
    ["allocations", { allocations: "none" }],
    ["pages", { pages: [{ sale: persona.address, url: "javascript:alert(1)" }] }],
  ];
  for (const [field, change] of cases) {
    it(`refuses ${field} = ${JSON.stringify(change)}`, () => {
      expect(fieldsWrong({ ...good, ...change })).to.deep.equal([field]);
    });
  }

  for (const value of [null, [], "text", 7]) {
    it(`refuses ${JSON.stringify(value)}`, () => {
      expect(fieldsWrong(value)).to.have.length.greaterThan(5);
    });
  }
});
