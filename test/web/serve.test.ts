import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../src/web/serve.ts", import.meta.url));

describe("the page's server", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-page-"));
    mkdirSync(join(folder, "web", "assets"), { recursive: true });
    writeFileSync(join(folder, "web", "index.html"), "<!doctype html><title>page</title>");
    writeFileSync(join(folder, "web", "assets", "index-abc.js"), "export {};");
    writeFileSync(join(folder, "secret.txt"), "not for you");
    writeFileSync(
      join(folder, "page.json"),
      JSON.stringify({
        rpcUrl: "http://127.0.0.1:1/rpc",
        signerUrl: "https://signer.example/x",
        indexerUrl: "nonsense",
      }),
    );
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(env: Record<string, string> = {}) {
    const child = spawn(process.execPath, ["--import", "tsx", script], {
      env: {
        PATH: process.env["PATH"],
        ...{ PORT: "0", CONFIG_FILE: join(folder, "page.json"), WEB_ROOT: join(folder, "web"), ...env },
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "close") as Promise<[number | null]>;
    let stderr = "";
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    const port = await new Promise<number | undefined>((done) => {
      child.stdout.on("data", (data: Buffer) => {
        done((JSON.parse(data.toString()) as { port: number }).port);
      });
      void ended.then(() => {
        done(undefined);
      });
    });
    return { child, ended, port, stderr: () => stderr };
  }

  describe("when it runs", () => {
    let running: Awaited<ReturnType<typeof start>>;
    let url: string;
    before(async () => {
      running = await start();
      url = `http://127.0.0.1:${String(running.port)}`;
    });
    after(async () => {
      running.child.kill("SIGTERM");
      expect((await running.ended)[0]).to.equal(0);
    });

    it("serves the page with a policy that allows its own files and its three services", async () => {
      const response = await fetch(`${url}/`);
      expect(response.headers.get("content-type")).to.equal("text/html; charset=utf-8");
      expect(response.headers.get("cache-control")).to.equal("no-cache");
      expect(response.headers.get("x-content-type-options")).to.equal("nosniff");
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(policy).to.contain("default-src 'none'");
      expect(policy).to.contain("frame-ancestors 'none'");
      expect(policy).to.contain("connect-src 'self' http://127.0.0.1:1 https://signer.example;");
      expect(policy).not.to.contain("unsafe");
    });

    it("allows the relay besides where the page is built with WalletConnect", async () => {
      const web = join(folder, "connecting");
      mkdirSync(web);
      const own = "connect-src 'self' wss://relay.walletconnect.org https:; base-uri 'none'";
      writeFileSync(
        join(web, "index.html"),
        `<meta http-equiv="Content-Security-Policy" content="${own}" />`,
      );
      const connecting = await start({ WEB_ROOT: web });
      const policies = await Promise.all(
        [running, connecting].map(async ({ port }) => {
          const { headers } = await fetch(`http://127.0.0.1:${String(port)}/`);
          return headers.get("content-security-policy") ?? "";
        }),
      );
      connecting.child.kill("SIGTERM");
      await connecting.ended;
      expect(policies[1]?.replace(" wss://relay.walletconnect.org;", ";")).to.equal(policies[0]);
      expect(policies[1]).not.to.equal(policies[0]);
    });

    it("serves hashed files for ever", async () => {
      const response = await fetch(`${url}/assets/index-abc.js`);
      expect(response.headers.get("cache-control")).to.contain("immutable");
      expect(await response.text()).to.equal("export {};");
    });

    it("serves the configuration as it is now", async () => {
      const before = (await (await fetch(`${url}/config.json`)).json()) as { name?: string };
      writeFileSync(join(folder, "page.json"), JSON.stringify({ ...before, name: "changed" }));
      const now = await fetch(`${url}/config.json`);
      expect(now.headers.get("cache-control")).to.equal("no-store");
      expect(((await now.json()) as { name?: string }).name).to.equal("changed");
    });

    it("says which launch it shows, and whom the page may ask", async () => {
      const asked = async (): Promise<[number, unknown]> => {
        const response = await fetch(`${url}/v1/status`);
        return [response.status, await response.json()];
      };
      expect(await asked()).to.deep.equal([500, { code: "config-invalid" }]);
      const shown = {
        chainId: 31337,
        sale: "0x12",
        termsHash: "0x34",
        signerUrl: "https://signer.example/x",
      };
      const config = { ...shown, personas: [{ privateKey: "0x56" }] };
      writeFileSync(join(folder, "page.json"), JSON.stringify(config));
      const sales = [{ sale: "0x12", termsHash: "0x34" }];
      const wanted = { chainId: 31337, sales, origins: ["https://signer.example"] };
      expect(await asked()).to.deep.equal([200, wanted]);
    });

    it("says so when the configuration cannot be read", async () => {
      writeFileSync(join(folder, "page.json"), "{");
      const response = await fetch(`${url}/config.json`);
      expect(response.status).to.equal(500);
      expect(((await response.json()) as { code: string }).code).to.equal("config-invalid");
      writeFileSync(join(folder, "page.json"), "{}");
    });

    for (const path of [
      "/../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/assets/../../secret.txt",
      "/nothing",
    ]) {
      it(`knows no ${path}`, async () => {
        // By hand: fetch would tidy the path up.
        const status = await new Promise<number | undefined>((done, fail) => {
          request(url, { path }, (response) => {
            response.resume();
            done(response.statusCode);
          })
            .on("error", fail)
            .end();
        });
        expect(status).to.equal(404);
      });
    }

    it("answers HEAD without a body, and refuses to be written to", async () => {
      expect(await (await fetch(`${url}/`, { method: "HEAD" })).text()).to.equal("");
      expect((await fetch(`${url}/`, { method: "POST" })).status).to.equal(405);
    });
  });

  describe("when it cannot start", () => {
    async function failure(env: Record<string, string>): Promise<string> {
      const { ended, stderr } = await start(env);
      expect((await ended)[0]).to.equal(1);
      return stderr();
    }

    it("says which port is taken", async () => {
      const holder: Server = createServer().listen(0, "127.0.0.1");
      await once(holder, "listening");
      const { port } = holder.address() as { port: number };
      expect(await failure({ PORT: String(port) })).to.contain("[port-busy]");
      holder.close();
    });

    it("says that the page is not built", async () => {
      expect(await failure({ WEB_ROOT: join(folder, "nowhere") })).to.contain("[page-not-built]");
      expect(await failure({ WEB_ROOT: join(folder, "web", "assets") })).to.contain("[page-not-built]");
    });

    it("names every setting that is wrong", async () => {
      const stderr = await failure({ PORT: "70000", CONFIG_FILE: join(folder, "nowhere.json") });
      expect(stderr).to.contain("PORT: got 70000");
      expect(stderr).to.contain("CONFIG_FILE: got");
    });
  });
});
