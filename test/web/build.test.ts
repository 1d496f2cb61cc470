import { expect } from "chai";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { budgets, initialJsGzipKb } from "../../bench/pages/measurePages.ts";
import { explain, type SlipwayError } from "../../src/sdk/problem.ts";
import { buildPage } from "../../src/web/build.ts";
import { PROJECT_ID, walletConnectPackage } from "../support/walletConnectPackage.ts";

describe("the built page", () => {
  let folder: string;
  let html: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "slipway-build-"));
    await buildPage({ outDir: join(folder, "web"), env: {} });
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

  describe("with WalletConnect", () => {
    const env = { WALLETCONNECT_PROJECT_ID: PROJECT_ID };
    /** The page's code and texts; viem has an error of that name in any build. */
    const textOf = (name: string): string =>
      globSync("**/*.{html,js}", { cwd: join(folder, name) })
        .sort()
        .map((file) => readFileSync(join(folder, name, file), "utf8"))
        .join("\n")
        .replaceAll(/WalletConnect ?Session ?Settlement(Error)?/gi, "");

    async function refusal(variables: Record<string, string>, modules: string): Promise<string> {
      const outDir = join(folder, "refused");
      const error = await buildPage({ outDir, env: variables, modules }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(existsSync(outDir)).to.equal(false);
      return explain(error as SlipwayError);
    }

    it("is not there by default", () => {
      expect(textOf("web")).not.to.match(/wallet-?connect|wss:\/\/relay/i);
    });

    it("differs from the default by one address in its policy", async () => {
      await buildPage({ outDir: join(folder, "connecting"), env, modules: walletConnectPackage(folder) });
      expect(textOf("connecting")).to.contain(PROJECT_ID);
      const policies = ["web", "connecting"].map(
        (name) => /http-equiv[^>]+>/.exec(readFileSync(join(folder, name, "index.html"), "utf8"))?.[0] ?? "",
      );
      expect(policies[1]).to.contain(" wss://relay.walletconnect.org ");
      expect(policies[1]?.replace(" wss://relay.walletconnect.org", "")).to.equal(policies[0]);
    });

    it("is built anew, and gives way to the default", async () => {
      const outDir = join(folder, "connecting");
      const modules = walletConnectPackage(folder);
      expect(await buildPage({ outDir, env, modules })).to.deep.equal({ built: true });
      expect(await buildPage({ outDir, env: {}, modules })).to.deep.equal({ built: true });
      expect(textOf("connecting")).to.equal(textOf("web"));
    });

    it("is refused where the project id is none", async () => {
      for (const id of ["x", PROJECT_ID.toUpperCase(), `${PROJECT_ID}0`]) {
        const words = await refusal({ WALLETCONNECT_PROJECT_ID: id }, walletConnectPackage(folder));
        expect(words).to.contain(`got ${id}, wanted 32 hexadecimal digits`);
        expect(words).to.contain("[walletconnect-project-id]");
      }
    });

    it("is refused without its package, or with one of another kind, and says how to install it", async () => {
      const old = walletConnectPackage(join(folder, "old"), "2.20.9");
      for (const [modules, got] of [
        [join(folder, "nothing"), "nothing"],
        [old, "2.20.9"],
      ] as const) {
        const words = await refusal(env, modules);
        expect(words).to.contain(`got ${got}, wanted 2.21.1 or a later 2.x`);
        expect(words).to.contain("npm install --no-save @walletconnect/ethereum-provider@2");
        expect(words).to.contain("[walletconnect-missing]");
      }
    });
  });

  it("is not built again while nothing changed", async () => {
    expect(await buildPage({ outDir: join(folder, "web"), env: {} })).to.deep.equal({ built: false });
  });
});
