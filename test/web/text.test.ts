import { expect } from "chai";
import { formatAmount } from "../../src/web/text/formatAmount.ts";
import { formatShare } from "../../src/web/text/formatPercent.ts";
import { formatSpan, formatTime } from "../../src/web/text/formatTime.ts";
import { parseAmount, type ParsedAmount } from "../../src/web/text/parseAmount.ts";

describe("parseAmount", () => {
  const good: [string, number, bigint][] = [
    ["12", 6, 12_000_000n],
    ["12.5", 6, 12_500_000n],
    [".5", 6, 500_000n],
    ["12.", 6, 12_000_000n],
    ["0.000001", 6, 1n],
    ["1.2000000000", 6, 1_200_000n],
    [" 12 000 ", 6, 12_000_000_000n],
    ["12'000", 0, 12_000n],
    ["007", 0, 7n],
  ];
  for (const [text, decimals, amount] of good) {
    it(`reads "${text}"`, () => {
      expect(parseAmount(text, decimals)).to.deep.equal({ ok: true, amount });
    });
  }

  const bad: [string, number, (ParsedAmount & { ok: false })["problem"]][] = [
    ["", 6, "empty"],
    ["  ", 6, "empty"],
    [".", 6, "not-a-number"],
    ["1,000", 6, "not-a-number"],
    ["1.2.3", 6, "not-a-number"],
    ["-1", 6, "not-a-number"],
    ["1e6", 6, "not-a-number"],
    ["0x10", 6, "not-a-number"],
    ["٣", 6, "not-a-number"],
    ["1".repeat(61), 6, "not-a-number"],
    ["0.0000001", 6, "too-fine"],
    ["0.5", 0, "too-fine"],
  ];
  for (const [text, decimals, problem] of bad) {
    it(`refuses "${text.slice(0, 12)}"`, () => {
      expect(parseAmount(text, decimals)).to.deep.equal({ ok: false, problem });
    });
  }
});

describe("formatShare", () => {
  it("is of a whole, and rounded down", () => {
    expect([formatShare(1n, 3n), formatShare(3n, 3n), formatShare(0n, 7n)]).to.deep.equal([
      "33.33%",
      "100%",
      "0%",
    ]);
    expect(formatShare(10n ** 60n, 8n * 10n ** 60n)).to.equal("12.5%");
  });
});

describe("formatAmount", () => {
  const cases: [bigint, number, number, string][] = [
    [0n, 6, 2, "0"],
    [1_000_000n, 6, 2, "1"],
    [1_500_000n, 6, 2, "1.50"],
    [1_999_999n, 6, 2, "1.99"],
    [999n, 6, 2, "0"],
    [1_234_567_000_000n, 6, 2, "1,234,567"],
    [50_000n, 6, 6, "0.05"],
    [123n, 0, 2, "123"],
  ];
  for (const [amount, decimals, places, text] of cases) {
    it(`shows ${String(amount)} at ${String(decimals)} decimals as ${text}`, () => {
      expect(formatAmount(amount, decimals, places)).to.equal(text);
    });
  }
});

describe("formatTime and formatSpan", () => {
  it("names the zone", () => {
    // 2215382400 = 2040-03-15T00:00:00Z, by `date -u -d @2215382400`.
    expect(formatTime(2_215_382_400n)).to.equal("15 Mar 2040, 00:00 UTC");
  });

  const spans: [bigint, string][] = [
    [0n, "0 seconds"],
    [1n, "1 second"],
    [59n, "59 seconds"],
    [60n, "1 minute"],
    [7_199n, "1 hour"],
    [1_209_600n, "14 days"],
  ];
  for (const [seconds, text] of spans) {
    it(`says ${text}`, () => {
      expect(formatSpan(seconds)).to.equal(text);
    });
  }
});
