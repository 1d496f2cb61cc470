import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildPage } from "../../src/web/build.ts";

const BUDGET_KB = 160;

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

  it(`needs at most ${String(BUDGET_KB)} kB of JavaScript, gzipped, to start`, () => {
    const initial = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(
      (match) => match[1] ?? "",
    );
    expect(initial).not.to.deep.equal([]);
    const bytes = initial.map((file) => gzipSync(readFileSync(join(folder, "web", file))).length);
    expect(bytes.reduce((a, b) => a + b, 0) / 1000).to.be.at.most(BUDGET_KB);
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
