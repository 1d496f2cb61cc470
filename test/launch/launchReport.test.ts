import { expect } from "chai";
import { zeroAddress } from "viem";
import demo from "../../launch.config.ts";
import { deploymentOf } from "../../deploy/deploymentOf.ts";
import { reportCsv, reportPage, type LaunchReport } from "../../src/launch/report/launchReport.ts";

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
});
