import { readFileSync } from "node:fs";
import { expect } from "chai";
import Fastify from "fastify";
import { zeroAddress, type Address } from "viem";
import demo from "../../launch.config.ts";
import { deploymentOf } from "../../deploy/deploymentOf.ts";
import { reportCsv, reportPage, tokenList, type LaunchReport } from "../../src/launch/report/launchReport.ts";

describe("a launch's report", () => {
  const { terms, termsHash } = deploymentOf(demo);
  const token = { ...terms.token, name: "<img src=x>", symbol: '"&' };
  const report: LaunchReport = {
    status: {
      ...{
        sale: zeroAddress,
        token: zeroAddress,
        block: 7n,
        time: 1n,
        phase: "open",
        raised: 1n,
        history: "0x",
      },
      ...{ softCap: 1n, hardCap: 3n, pausedUntil: 0n, settledAt: 0n, listedAt: 0n },
      ...{ owed: { fee: 0n, treasury: 0n, unsold: 0n }, next: "it closes" },
    },
    verification: {
      ...{ ok: true, chainId: 1, sale: zeroAddress, block: { number: 7, hash: "0x", time: 1 }, checks: [] },
      found: {
        ...{
          terms: { ...terms, token },
          termsHash,
          token: zeroAddress,
          phase: "open",
          entries: 1,
          buyers: 1,
        },
        ...{ raised: 1n, series: [1n], tokens: [], currency: [{ holder: '=HYPERLINK("x")', amount: 1n }] },
      },
    },
  };

  it("shows foreign names as text, on the page and in a spreadsheet", () => {
    expect(reportPage(report)).to.contain("&lt;img src=x>").and.not.to.contain("<img");
    expect(reportCsv(report)).to.contain(`currency,"'=HYPERLINK(""x"")",1\r\n`);
  });

  it("lists the token as Uniswap's schema has it, and only a token of its own that is there", async () => {
    const schema = JSON.parse(
      readFileSync(new URL("../vectors/tokenlist/tokenlist.schema.json", import.meta.url), "utf8"),
    ) as object;
    const app = Fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } });
    app.post("/", { schema: { body: schema } }, () => "fits");
    const fits = async (list: object) =>
      (await app.inject({ method: "POST", url: "/", payload: list })).statusCode === 200;

    const { verification } = report;
    const found = verification.found!;
    const listOf = (
      change: Partial<typeof token>,
      address: Address = "0x00000000000000000000000000000000000000Aa",
    ) =>
      tokenList({
        ...report,
        verification: {
          ...verification,
          found: { ...found, token: address, terms: { ...terms, token: { ...token, ...change } } },
        },
      });
    for (const named of [{}, { name: "Acme Network", symbol: "ACME" }, { name: "币" }]) {
      const list = listOf(named) as { tokens: object[] };
      expect(await fits(list), JSON.stringify(list)).to.equal(true);
      expect(await fits({ ...list, tokens: [{ ...list.tokens[0], symbol: "A B" }] })).to.equal(false);
      expect(await fits({ ...list, more: 1 })).to.equal(true); // the schema lets a list have more, a token not
      expect(await fits({ ...list, tokens: [{ ...list.tokens[0], more: 1 }] })).to.equal(false);
    }
    expect(listOf({}, zeroAddress)).to.equal(undefined);
    expect(listOf({ existing: "0x00000000000000000000000000000000000000Bb" })).to.equal(undefined);
    expect(listOf({ symbol: "A B" })).to.equal(undefined);
    expect(tokenList({ ...report, verification: { ...verification, ok: false } })).to.equal(undefined);
  });
});
