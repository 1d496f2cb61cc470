import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { budgets, initialJsGzipKb } from "../../bench/pages/measurePages.ts";
import { buildPage } from "../../src/web/build.ts";

describe("the built page", () => {
  let folder: string;
  let html: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "slipway-build-"));
    await buildPage({ outDir: join(folder, "web") });
    html = readFileSync(join(folder, "web", "index.html"), "utf8");
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it(`needs at most ${String(budgets.initialJsGzipKb)} kB of JavaScript, gzipped, to start`, () => {
    const weight = initialJsGzipKb(join(folder, "web"));
    expect(weight).to.be.above(0);
    expect(weight).to.be.at.most(budgets.initialJsGzipKb);
  });

  it("has no inline script or style, and names no other host", () => {
    expect(html).not.to.match(/<script(?![^>]*\ssrc=)/);
    expect(html).not.to.contain("<style");
    expect(html.match(/https?:\/\/[^\s"';]+/g) ?? []).to.deep.equal([
      "http://127.0.0.1:*",
      "http://localhost:*",
    ]);
  });

  it("forbids by its own policy what it does not need", () => {
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1] ?? "";
    expect(policy).to.contain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).not.to.contain("unsafe");
  });

  it("is not built again while nothing changed", async () => {
    expect(await buildPage({ outDir: join(folder, "web") })).to.deep.equal({ built: false });
  });
});
