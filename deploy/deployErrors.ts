import { describeError, SlipwayError, type ErrorEntry } from "../src/sdk/problem.ts";

/** Errors of everything that knows where contracts lie and brings them there. */
export const deployErrors = {
  "artifacts-missing": {
    title: "The contracts are not compiled",
    wayOut: "npx hardhat build",
  },
  "chain-unknown": {
    title: "The chain has no parameters",
    wayOut: "Correct chainId, or add the addresses of the chain's DEX to deploy/chains.ts.",
  },
  "currency-unknown": {
    title: "The chain has no such currency",
    wayOut: "Name its address in sale.currency.",
  },
  "deployment-failed": {
    title: "The deployment did not come to its end",
    wayOut:
      "Correct what it names and run it again with the same journal. A contract that was created outside of this journal, by whomever, stops it: see docs/decisions.",
  },
  "keyless-deployer-wrong": {
    title: "Other code lies at the keyless deployer's address",
    wayOut: "Use a chain where blocks are mined at once, or one that has this deployer.",
  },
  "sale-missing": {
    title: "The chain has no sale with these terms at its address",
    wayOut: "Deploy it first: npx hardhat launch plan, then apply.",
  },
} as const satisfies Record<string, ErrorEntry>;

export type DeployErrorCode = keyof typeof deployErrors;

/** An error of the catalogue; `detail` says what happened this time. */
export function deployError(code: DeployErrorCode, detail: string, cause?: unknown): SlipwayError {
  return new SlipwayError(describeError(deployErrors, code, detail, { cause }));
}
