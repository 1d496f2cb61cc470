import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { freePorts } from "../support/freePorts.ts";

const demo = fileURLToPath(new URL("../../scripts/demo.ts", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs `npm start`'s program in a process of its own. */
function runDemo(...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const args = ["--import", "tsx", demo, ...options];
    execFile(process.execPath, args, { cwd: root, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : 1, stdout, stderr });
    });
  });
}

type Result = {
  raised: string;
  buyers: number;
  sold: string;
  refused: Record<string, number>;
  poolPrice: number;
  listingPrice: number;
  historyOnChain: string;
  historyInIndexer: string;
  accounted: boolean;
  currency: Record<"paidIn" | "withdrawn" | "fee" | "pool" | "treasury" | "leftInSale", string>;
  tokens: Record<"supply" | "buyers" | "pool" | "vesting" | "burned", string>;
};

describe("a whole launch", function () {
  this.timeout(180_000);

  it("ends with books that balance, though signer and indexer were killed in mid-sale", async () => {
    const [base] = await freePorts(4);
    const { code, stdout, stderr } = await runDemo(
      ...["--once", "--json", "--chaos", "--buyers", "25", "--seed", "7", "--base-port", String(base)],
    );
    expect(code, stderr).to.equal(0);
    const result = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Result;

    // From launch.config.ts by hand: a hard cap of 250,000 at 0.05, 2 % fee, 40 % of the rest into the pool at 0.05.
    expect(result).to.deep.include({ raised: "250000000000", sold: `5000000${"0".repeat(18)}`, buyers: 22 });
    const { paidIn, withdrawn, ...went } = result.currency;
    expect(went).to.deep.equal({
      ...{ fee: "5000000000", pool: "98000000000", treasury: "147000000000", leftInSale: "0" },
    });
    expect(BigInt(paidIn) - BigInt(withdrawn)).to.equal(250_000_000_000n);
    const acme = (whole: string) => `${whole}${"0".repeat(18)}`;
    expect(result.tokens).to.deep.equal({
      supply: acme("10000000"),
      buyers: acme("5000000"),
      pool: acme("1960000"),
      vesting: acme("3000000"),
      burned: acme("40000"),
    });
    expect([result.poolPrice, result.listingPrice]).to.deep.equal([0.05, 0.05]);
    expect(result.historyInIndexer).to.equal(result.historyOnChain);
    expect(result.accounted).to.equal(true);
    expect(result.refused).to.deep.equal({
      ...{ "country-denied": 1, "idempotency-mismatch": 1, "kyc-missing": 1, "order-open": 1 },
      ...{ "person-cap-exceeded": 1, "wallet-sanctioned": 1 },
      ...{ Sale_NonceUsed: 1, Sale_SignerUnknown: 2, Sale_VoucherExpired: 1, Sale_WrongPhase: 1 },
    });
  });

  it("does not start where its ports are taken, and says which", async () => {
    const [base] = await freePorts(4);
    const taken = createServer().listen((base ?? 0) + 1, "127.0.0.1");
    await new Promise((done) => taken.once("listening", done));
    try {
      const { code, stderr } = await runDemo("--once", "--base-port", String(base));
      expect(code).to.equal(1);
      expect(stderr)
        .to.contain("port-busy")
        .and.contain(`${String((base ?? 0) + 1)} (signer)`);
    } finally {
      taken.close();
    }
  });

  it("refuses options out of their range, all at once", async () => {
    const { code, stderr } = await runDemo("--buyers", "3", "--seed", "x", "--base-port", "80");
    expect(code).to.equal(1);
    expect(stderr.match(/option-out-of-range/g)).to.have.length(3);
  });
});
