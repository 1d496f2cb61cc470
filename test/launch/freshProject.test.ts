import { execFileSync } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { build, type Rollup } from "vite";
import { contractArtifact } from "../../deploy/artifacts.ts";
import { packPackages } from "../../scripts/pack/packPackages.ts";
import { projectFiles } from "../../src/launch/projectFiles.ts";
import { freePorts } from "../support/freePorts.ts";
import { startOpenLaunch } from "../support/listedLaunch.ts";
import { runFresh } from "../support/runFresh.ts";
import { startProgram } from "../support/signerProcess.ts";

const SEEDED = "seeded-where-the-packages-are-built";
const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** What would be published, beside the packages that others use, where there is nothing of this repository. */
describe("a fresh project", function () {
  // Each of its programs starts on its own.
  this.timeout(300_000);
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "slipway-fresh-"));
    const names = ["sdk", "contracts", "hardhat", "signer", "indexer", "web"];
    process.env["SIGNER_KEYSTORE_PASSWORD"] = SEEDED;
    const tarballs = await packPackages(names);
    delete process.env["SIGNER_KEYSTORE_PASSWORD"];
    write("package.json", { name: "fresh", private: true, type: "module" });
    // As npm would lay them out: ours unpacked, those of others as they are installed here.
    const own = join(folder, "node_modules", "@slipway");
    mkdirSync(own, { recursive: true });
    for (const name of readdirSync(modules)) {
      if (!name.startsWith(".")) symlinkSync(join(modules, name), join(folder, "node_modules", name));
    }
    names.forEach((name, i) => {
      mkdirSync(join(own, name));
      execFileSync("tar", ["xzf", tarballs[i] ?? "", "--strip-components=1", "-C", join(own, name)]);
    });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function write(path: string, content: string | object): void {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const run = (args: string[], env: NodeJS.ProcessEnv = {}) => runFresh(args, { cwd: folder, env });

  it("has nothing in it of the environment and the machine that it was built with", () => {
    const files = globSync("node_modules/@slipway/**/*.{js,json,html,css,md,ts}", { cwd: folder });
    expect(files).to.have.length.above(200);
    for (const file of files) {
      const text = readFileSync(join(folder, file), "utf8");
      for (const secret of [SEEDED, dirname(modules)]) expect(text.includes(secret), file).to.equal(false);
    }
  });

  it("reads a sale by viem, ethers and wagmi with @slipway/sdk", async () => {
    write(
      "read.js",
      `import { createConfig, http as wagmiHttp } from "wagmi";
import { readContract } from "wagmi/actions";
import { Contract, JsonRpcProvider } from "ethers";
import { createPublicClient, http, defineChain } from "viem";
import { contractErrorOf, historyStart, phaseOf, saleAbi } from "@slipway/sdk";
import { saleAbi as alone } from "@slipway/sdk/abi/Sale";

const [url, sale] = process.argv.slice(2);
const chain = defineChain({ id: 31337, name: "local", nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 }, rpcUrls: { default: { http: [url] } } });
const call = { address: sale, abi: saleAbi, functionName: "phase" };
const client = createPublicClient({ chain, transport: http(url) });
const byViem = phaseOf(await client.readContract(call));
const provider = new JsonRpcProvider(url, 31337, { staticNetwork: true });
const byEthers = phaseOf(Number(await new Contract(sale, alone, provider).phase()));
const config = createConfig({ chains: [chain], transports: { [chain.id]: wagmiHttp(url) } });
const byWagmi = phaseOf(await readContract(config, call));
const termsHash = await client.readContract({ ...call, functionName: "termsHash" });
const history = await client.readContract({ ...call, functionName: "history" });
const same = history === historyStart({ chainId: 31337, sale, termsHash });
const refused = await client.simulateContract({ ...call, functionName: "finalise" }).catch((error) => contractErrorOf(error)?.code);
console.log(JSON.stringify({ byViem, byEthers, byWagmi, same, refused }));
process.exit(0);
`,
    );
    const world = await startOpenLaunch();
    try {
      const { code, output } = await run(["read.js", world.node.url, world.sale]);
      expect(code, output).to.equal(0);
      expect(JSON.parse(output.trim().split("\n").at(-1) ?? "")).to.deep.include({
        ...{ byViem: "open", byEthers: "open", byWagmi: "open", refused: "Sale_WrongPhase" },
      });
    } finally {
      await world.close();
    }
  });

  it("takes of @slipway/sdk what is imported, and nothing else, into a bundle", async () => {
    const bundled = async (what: string) => {
      write("entry.js", `import { ${what} } from "@slipway/sdk";\nconsole.log(${what});\n`);
      const input = join(folder, "entry.js");
      const settings = { write: false, minify: false, rolldownOptions: { input } } as const;
      const built = await build({ configFile: false, root: folder, logLevel: "error", build: settings });
      const { output } = built as Rollup.RolldownOutput;
      return output.map((one) => (one.type === "chunk" ? one.code : "")).join("");
    };
    expect(await bundled("createSignerClient")).to.contain("/v1/orders");
    const small = await bundled("historyStart");
    for (const other of ["/v1/orders", "/v1/sales", "Sale_WrongPhase"]) expect(small).not.to.contain(other);
  });

  it("starts signer and indexer, which say what they lack", async () => {
    for (const name of ["signer", "indexer"]) {
      const { code, output } = await run([`node_modules/@slipway/${name}/bin.js`], {
        LAUNCH_RECORD: "",
        LAUNCH_RECORDS: "",
      });
      expect(code, output).to.equal(1);
      expect(output).to.match(/\[(record-unreadable|config-invalid)\]/);
    }
    const migrations = ["signer/dist/store/migrations", "indexer/dist/migrations"];
    for (const path of migrations)
      expect(existsSync(join(folder, "node_modules/@slipway", path))).to.equal(true);
  });

  it("runs the whole launch on this machine: chain, signer, indexer and page", async () => {
    const files = projectFiles({ name: "fresh", versionOf: () => "0" });
    for (const name of ["launch.config.ts", "acme-paper.md", "hardhat.config.ts"])
      write(name, files[name] ?? "");
    const [page = 0] = await freePorts(3);
    const at = ["--port", "0", "--page-port", String(page)];
    const cli = join(folder, "node_modules/hardhat/dist/src/cli.js");
    const { code, output } = await run([cli, "launch", "local", "--once", ...at, "--json"]);
    expect(code, output).to.equal(0);
    const told = JSON.parse(output.trim().split("\n").at(-1) ?? "") as Record<string, string>;
    const url = (port: number) => `http://127.0.0.1:${String(port)}`;
    expect(told).to.include({ page: url(page), signer: url(page + 1), indexer: url(page + 2) });
    // Of a signer that has imported its people and made its first operator's key.
    expect(told["operatorKey"]).to.match(/^slipway_/);
    for (const file of ["hardhat.config.ts", "launch.config.ts"]) rmSync(join(folder, file));
  });

  it("compiles Solidity that imports @slipway/contracts, and the registry to the code that we deploy", async () => {
    const solc = createRequire(import.meta.url).resolve("solc/soljson.js");
    write(
      "hardhat.config.js",
      `import { defineConfig } from "hardhat/config";

const settings = { viaIR: true, evmVersion: "prague", optimizer: { enabled: true, runs: 1000 }, metadata: { bytecodeHash: "none" } };
export default defineConfig({
  solidity: {
    compilers: [{ version: "0.8.37", path: ${JSON.stringify(solc)}, settings }],
    npmFilesToBuild: ["@slipway/contracts/LaunchRegistry.sol"],
  },
});
`,
    );
    write(
      "contracts/Watcher.sol",
      `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISale} from "@slipway/contracts/interfaces/ISale.sol";

contract Watcher {
    function historyOf(ISale sale) external view returns (bytes19) {
        return sale.history();
    }
}
`,
    );
    const { code, output } = await run(["node_modules/hardhat/dist/src/cli.js", "build", "--no-tests"]);
    expect(code, output).to.equal(0);

    const built = JSON.parse(
      readFileSync(
        join(folder, "artifacts/@slipway/contracts/LaunchRegistry.sol/LaunchRegistry.json"),
        "utf8",
      ),
    ) as { bytecode: string };
    expect(built.bytecode).to.equal(contractArtifact("LaunchRegistry.sol/LaunchRegistry").bytecode);
    const watcher = join(folder, "artifacts/contracts/Watcher.sol/Watcher.json");
    expect(readFileSync(watcher, "utf8")).to.contain('"historyOf"');
  });

  it("serves the page of @slipway/web with the launch that it is told", async () => {
    const config = { chainId: 31337, sale: "0x00000000000000000000000000000000000000Aa" };
    write("page.json", config);
    const program = join(folder, "node_modules/@slipway/web/bin.js");
    const page = await startProgram([program], { PORT: "0", CONFIG_FILE: join(folder, "page.json") });
    try {
      const index = await (await fetch(page.url)).text();
      const [, script = ""] = /<script[^>]+src="([^"]+)"/.exec(index) ?? [];
      const loaded = await fetch(new URL(script, page.url));
      expect([loaded.status, loaded.headers.get("content-type")]).to.deep.equal([
        200,
        "text/javascript; charset=utf-8",
      ]);
      expect(await (await fetch(`${page.url}/config.json`)).json()).to.deep.equal(config);
    } finally {
      page.kill("SIGTERM");
      await page.ended;
    }
  });
});
