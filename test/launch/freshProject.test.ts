import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { packPackages } from "../../scripts/pack/packPackages.ts";
import { startOpenLaunch } from "../support/listedLaunch.ts";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** What would be published, beside the packages that others use, where there is nothing of this repository. */
describe("a fresh project", function () {
  // Each of its programs starts on its own.
  this.timeout(300_000);
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "slipway-fresh-"));
    const names = ["sdk", "signer", "indexer"];
    const tarballs = await packPackages(names);
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
  /** In the background: the node that it asks lives in this process. */
  function run(
    args: string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    return new Promise((done) => child.once("close", (code) => done({ code, output })));
  }

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
});
