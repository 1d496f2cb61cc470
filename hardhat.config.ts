import { globSync } from "node:fs";
import { createRequire } from "node:module";
import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import { slipwayIgnition } from "./src/hardhat/ignitionPlugin.ts";
import { slipway } from "./src/hardhat/plugin.ts";

// The compiler comes from npm: with a path Hardhat downloads nothing.
const solcPath = createRequire(import.meta.url).resolve("solc/soljson.js");

const compiler = {
  version: "0.8.37",
  path: solcPath,
  settings: {
    viaIR: true,
    evmVersion: "prague",
    optimizer: { enabled: true, runs: 1000 },
    metadata: { bytecodeHash: "none" as const },
  },
};

// Tests take what they test from its artifact (`vm.getCode`), so that it is the code that is deployed; they themselves
// need no optimizer, and compile in a tenth of the time without.
const testCompiler = {
  ...compiler,
  settings: { ...compiler.settings, viaIR: false, optimizer: { enabled: false } },
};
const testSources = globSync("test/contracts/**/*.sol", { cwd: import.meta.dirname }).map((file) =>
  file.replaceAll("\\", "/"),
);
// The invariants and the adversary make millions of calls, which is worth an optimizer.
const campaignCompiler = {
  ...testCompiler,
  settings: { ...testCompiler.settings, optimizer: { enabled: true, runs: 1000 } },
};
const profile = {
  compilers: [compiler],
  overrides: Object.fromEntries(
    testSources.map((file) => [file, /\/(invariant|listing)\//.test(file) ? campaignCompiler : testCompiler]),
  ),
};

export default defineConfig({
  plugins: [toolbox, slipway, slipwayIgnition],
  solidity: {
    profiles: { default: profile, production: profile },
    splitTestsCompilation: true,
  },
  paths: {
    cache: process.env["HARDHAT_CACHE"] ?? "cache",
    tests: { mocha: "test", solidity: "test/contracts" },
    ignition: "deploy",
  },
  networks: {
    default: {
      type: "edr-simulated",
      chainType: "l1",
      allowBlocksWithSameTimestamp: true,
    },
    // The demo's chain: it starts the day before the demo's launch opens (launch.config.ts).
    node: {
      type: "edr-simulated",
      chainType: "l1",
      allowBlocksWithSameTimestamp: true,
      initialDate: "2040-02-29T14:00:00Z",
    },
    localhost: { type: "http", chainType: "l1", url: "http://127.0.0.1:8545" },
  },
  test: {
    mocha: { timeout: 120_000 },
    solidity: {
      fuzz: { seed: "0x51199a" },
      invariant: { runs: 32, depth: 64 },
      fsPermissions: { readDirectory: ["test/vectors", "node_modules/@uniswap"] },
    },
  },
  typechain: { outDir: "types/ethers-contracts" },
});
