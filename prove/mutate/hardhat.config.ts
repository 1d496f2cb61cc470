import config from "../../hardhat.config.ts";

// The tests take the code that they test from here instead of from `artifacts`; fewer fuzz runs than usual.
export default {
  ...config,
  paths: { ...config.paths, artifacts: process.env["MUTANT_ARTIFACTS"]! },
  test: { ...config.test, solidity: { ...config.test?.solidity, fuzz: { seed: "0x51199a", runs: 64 } } },
};
