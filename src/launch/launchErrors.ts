import { SlipwayError, type Problem } from "../sdk/problem.ts";

type Entry = { title: string; wayOut: string; retryable?: true };

/** Errors of the commands that move a launch on; a contract's refusals come with the contract's own names. */
export const launchErrors = {
  "record-inconsistent": {
    title: "The record's terms do not hash to its termsHash",
    wayOut: "Use the record as the deployment wrote it; nothing was sent.",
  },
  "not-succeeded": {
    title: "Only a sale that succeeded can be listed",
    wayOut:
      "When it is closed, finalise it first; a failed sale is refunded, never listed. Nothing was sent.",
  },
  "listing-blocked": {
    title: "Copy, chain and orders do not agree, so the sale is not listed",
    wayOut: "Clear what is blocking, then list again; nothing was sent.",
  },
  "not-final": {
    title: "The sale's success is not final yet",
    wayOut: "Wait until the block in which it was finalised is final, then list again; nothing was sent.",
    retryable: true,
  },
  "module-not-canonical": {
    title: "The sale names a module that is not the canonical one",
    wayOut:
      "Do not list: such a venue or vesting could take the raise. Have the guardian declare the sale failed; otherwise everybody can take a refund after the listing deadline.",
  },
  "launch-file-missing": {
    title: "There is no such launch file",
    wayOut: "Name it, or run the command in its folder; `npx hardhat launch init` writes one.",
  },
  "launch-file-unreadable": {
    title: "The launch file cannot be read",
    wayOut: "Correct the file at the place named.",
  },
  "wrong-chain": {
    title: "This is another chain than the launch's",
    wayOut: "Name the network of the launch file's chainId with --network, or correct chainId.",
  },
  "no-account": {
    title: "The network has no account to send from",
    wayOut: "Give it one in hardhat.config.ts, from the keystore: accounts: [configVariable(…)].",
  },
  "code-missing": {
    title: "A contract that the launch needs is not on this chain",
    wayOut: "Check the address and the chain: sale.currency, token.existing, or the DEX in deploy/chains.ts.",
  },
  "code-differs": {
    title: "Other code lies where a contract of the launch belongs",
    wayOut:
      "Do not go on: ask another node. An address of the keyless deployer can hold one code only, so this node is wrong or hostile.",
  },
  "currency-differs": {
    title: "A token's own decimals are not those of the launch file",
    wayOut: "Write the decimals that the token has, or the right token's address.",
  },
  "step-fails": {
    title: "A step of the deployment fails when it is tried",
    wayOut: "Nothing was sent. Correct the launch file, or report it with the plan's output.",
  },
  "transaction-not-sent": {
    title: "The transaction could not be sent",
    wayOut: "Check the node, and that the account can pay for the gas; then run the command again.",
    retryable: true,
  },
  "transaction-unseen": {
    title: "The transaction was sent and not seen mined",
    wayOut: "Run the command again in a while: it does not do twice what was done.",
    retryable: true,
  },
  "transaction-reverted": {
    title: "The transaction was mined and failed",
    wayOut: "Run the command again: it says what stands in the way.",
    retryable: true,
  },
} as const satisfies Record<string, Entry>;

export type LaunchErrorCode = keyof typeof launchErrors;

/** An error of the catalogue; `detail` says what happened this time. */
export function launchError(
  code: LaunchErrorCode,
  detail: string,
  more: { problems?: readonly Problem[]; cause?: unknown } = {},
): SlipwayError {
  const entry: Entry = launchErrors[code];
  return new SlipwayError({
    code,
    message: detail === "" ? entry.title : `${entry.title}: ${detail}`,
    wayOut: entry.wayOut,
    retryable: entry.retryable ?? false,
    ...more,
  });
}
