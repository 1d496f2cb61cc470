import { expect } from "chai";
import { readFileSync } from "node:fs";
import { differenceCodes } from "../../src/reconcile/Difference.ts";

describe("reconcile: the catalogue of differences", () => {
  it("is in the documentation, with severity, meaning and way out", () => {
    const page = readFileSync(new URL("../../docs/reconcile.md", import.meta.url), "utf8");
    const documented = [
      ...page.matchAll(/^\| `([a-z-]+)` +\| (blocking|notice) +\| (.*?) +\| (.*?) +\|$/gm),
    ].map((row) => row.slice(1));
    const catalogue = Object.entries(differenceCodes).map(([code, { severity, title, wayOut }]) => [
      ...[code, severity, title, wayOut],
    ]);
    expect(documented).to.deep.equal(catalogue);
  });
});
