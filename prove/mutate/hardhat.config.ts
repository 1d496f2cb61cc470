import config from "../../hardhat.config.ts";

// The tests take the code that they test from here instead of from `artifacts`; fewer fuzz runs than usual. Many mutants
// in one contract can make it longer than a chain takes.
export default {
  ...config,
  paths: { ...config.paths, artifacts: process.env["MUTANT_ARTIFACTS"]! },
  networks: {
    ...config.networks,
    default: { ...config.networks!["default"]!, allowUnlimitedContractSize: true },
  },
  test: { ...config.test, solidity: { ...config.test?.solidity, fuzz: { seed: "0x51199a", runs: 64 } } },
};
