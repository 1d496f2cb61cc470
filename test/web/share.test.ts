import { expect } from "chai";
import { shareSvgOf } from "../../src/web/share/shareSvgOf.ts";

const card = {
  ...{ name: "Acme Network", symbol: "ACME", phase: "Open", raised: "1,200 USDC raised" },
  ...{ caps: "Goal 10,000 USDC", filled: 0.25, source: "sale.example", dir: "ltr" as const },
};

describe("shareSvgOf", () => {
  it("draws what was raised of the limit: a quarter of 1,060 points", () => {
    expect(shareSvgOf(card)).to.contain('x="70" y="400" width="265"');
    expect(shareSvgOf({ ...card, dir: "rtl" })).to.contain('x="865" y="400" width="265"');
    expect(shareSvgOf({ ...card, filled: 7 })).to.contain(
      'x="70" y="400" width="1060" height="28" rx="14" fill="#4f',
    );
  });

  it("shows names from outside as text, cut where they do not end, and never turned around", () => {
    const svg = shareSvgOf({ ...card, name: `</text><script>alert("1")`, symbol: `\u202e${"W".repeat(90)}` });
    expect(svg).not.to.contain("<script");
    expect(svg).not.to.contain("\u202e");
    expect(svg).to.contain("&#60;/text&#62;&#60;script&#62;");
    expect(svg.match(/W+/)?.[0].length).to.be.below(21);
  });

  it("loads nothing", () => {
    expect(shareSvgOf(card)).not.to.match(/href|url\(|<image|<style/);
  });
});
