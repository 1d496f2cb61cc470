import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { packPackages } from "../../scripts/pack/packPackages.ts";
import type { Plan } from "../../src/launch/plan/Plan.ts";
import { startOpenLaunch } from "../support/listedLaunch.ts";
import { emptyChain, planOn, startNode } from "../support/planWorld.ts";
import { runFresh } from "../support/runFresh.ts";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));

/** Packed as they would be published, unpacked as npm does, used where there is nothing of this repository. */
describe("packages", function () {
  // Each of its programs starts on its own, Hardhat among them.
  this.timeout(300_000);
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "slipway-packages-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function unpacked(name: string): Promise<string> {
    const [file = ""] = await packPackages([name]);
    const target = join(folder, name);
    mkdirSync(target);
    execFileSync("tar", ["xzf", file, "-C", target]);
    return join(target, "package");
  }
  const run = (args: string[], cwd: string) => runFresh(args, { cwd });

  /** The compiler's input is in the package, and keys come from a keystore that the plugin brings. */
  async function showsSources(project: string, cli: string): Promise<void> {
    const node = await startNode();
    const explorer = createServer((_, response) => response.end('{"match":"exact_match"}')).listen(
      0,
      "127.0.0.1",
    );
    await new Promise((listening) => explorer.once("listening", listening));
    const port = (explorer.address() as AddressInfo).port;
    try {
      const config = join(project, "hardhat.config.ts");
      const text = readFileSync(config, "utf8").replace("http://127.0.0.1:8545", node.url);
      writeFileSync(config, text);
      const on = `sourcify=http://127.0.0.1:${String(port)}`;
      const command = ["launch", "verify-source", "--record", ".slipway/launch.json", "--on", on, "--json"];
      const { code, output } = await run([cli, ...command, "--network", "localhost"], project);
      expect(code, output).to.equal(0);
      expect(lastLine(output)).to.have.property("outcomes").with.length(5);

      const keys = await run([cli, "keystore", "list", "--dev"], project);
      expect(keys.output).not.to.contain("HHE404"); // no such task
    } finally {
      explorer.close();
      await node.close();
    }
  }

  it("slipway verifies a launch from an empty folder, without installing anything", async () => {
    const bin = join(await unpacked("slipway"), "bin.js");
    const empty = join(folder, "empty");
    mkdirSync(empty);
    const world = await startOpenLaunch();
    try {
      const target = ["verify", `31337:${world.sale}`, "--rpc", world.node.url, "--json"];
      const { code, output } = await run([bin, ...target], empty);
      expect([code, output]).to.have.property("0", 0, output);
      expect(lastLine(output)).to.have.property("ok", true);

      await world.rpc("hardhat_setCode", [world.sale, "0x00"]);
      expect((await run([bin, ...target], empty)).code).to.equal(1);
      expect(readdirSync(empty)).to.deep.equal([]);
    } finally {
      await world.close();
    }
  });

  it("create-slipway makes a project in which @slipway/hardhat plans the same launch as here", async () => {
    const plugin = await unpacked("hardhat");
    const creator = join(await unpacked("create-slipway"), "bin.js");
    const made = await run([creator, "my-sale", "--no-install"], folder);
    expect(made.code, made.output).to.equal(0);
    const project = join(folder, "my-sale");
    // As npm would lay them out.
    mkdirSync(join(project, "node_modules", "@slipway"), { recursive: true });
    symlinkSync(plugin, join(project, "node_modules", "@slipway", "hardhat"));
    for (const name of ["hardhat", "@nomicfoundation", "@uniswap"]) {
      symlinkSync(join(modules, name), join(project, "node_modules", name));
    }
    // A link is followed to where it points, which has no node_modules above it.
    mkdirSync(join(plugin, "node_modules"));
    for (const name of ["hardhat", "@nomicfoundation", "@uniswap"]) {
      symlinkSync(join(modules, name), join(plugin, "node_modules", name));
    }

    const cli = join(project, "node_modules", "hardhat", "dist", "src", "cli.js");
    const { code, output } = await run([cli, "launch", "plan", "--json"], project);
    expect(code, output).to.equal(0);
    const plan = lastLine(output) as Plan;
    expect(plan.hash).to.equal((await planOn(await emptyChain())).hash);

    expect(existsSync(join(project, "artifacts", "contracts"))).to.equal(false);

    const local = await run([cli, "launch", "local", "--once", "--port", "0", "--json"], project);
    expect(local.code, local.output).to.equal(0);
    expect(lastLine(local.output)).to.include({ sale: plan.sale, token: plan.token });

    await showsSources(project, cli);

    const another = await run([creator, "my-sale", "--no-install"], folder);
    expect([another.code, another.output]).to.have.property("0", 1, another.output);
  });
});

function lastLine(output: string): unknown {
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}
