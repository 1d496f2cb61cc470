import { describeError, SlipwayError, type ErrorEntry, type ErrorMore } from "../sdk/problem.ts";

/** Errors of the commands that move a launch on; a contract's refusals come with the contract's own names. */
export const launchErrors = {
  "record-unreadable": {
    title: "The launch's record cannot be read",
    wayOut: "Name the file that the deployment wrote with --record.",
  },
  "subject-unknown": {
    title: "The sale knows nothing of it",
    wayOut: "Name a wallet's address, an order's id or a transaction's hash of this sale and chain.",
  },
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
  "drill-refused": {
    title: "The signer does not sell to a person of the drill",
    wayOut:
      "Import the file that `launch drill` wrote into the signer of your staging; the detail has the signer's reason.",
  },
  "draft-unreadable": {
    title: "The draft cannot be read",
    wayOut: "Name a JSON file with `texts`, a list of language, title and body; docs/documents.md shows one.",
  },
  "document-refused": {
    title: "Nobody would be shown this document",
    wayOut: "Correct what is named; nothing was written.",
  },
  usage: {
    title: "The command is not complete",
    wayOut: "Name what is missing; --help lists it.",
  },
  "launch-file-missing": {
    title: "There is no such launch file",
    wayOut: "Name it, or run the command in its folder; `npx hardhat launch init` writes one.",
  },
  "launch-invalid": {
    title: "The launch file describes no launch that can be",
    wayOut: "Correct each field named; src/sdk/launchFile/LaunchFile.ts describes them.",
  },
  "launch-file-unreadable": {
    title: "The launch file cannot be read",
    wayOut: "Correct the file at the place named.",
  },
  "file-exists": {
    title: "Something is there already",
    wayOut: "Name another place; nothing was written.",
  },
  "install-failed": {
    title: "The packages could not be installed",
    wayOut: "See npm's message above, then run npm install in that folder.",
  },
  "node-too-old": {
    title: "This Node is too old",
    wayOut: "Install Node 22.13 or newer from https://nodejs.org.",
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
  "currency-unfit": {
    title: "A token is none that a sale can take",
    wayOut:
      "Sell for a plain ERC-20: every unit that is sent must arrive, and balances must not change by themselves.",
  },
  "payee-refuses": {
    title: "A payee of the launch refuses ETH",
    wayOut:
      "Name another treasury or fee recipient, one whose code takes ETH: neither can be changed later, and what it refuses stays in the sale for ever.",
  },
  "step-fails": {
    title: "A step of the deployment fails when it is tried",
    wayOut: "Nothing was sent. Correct the launch file, or report it with the plan's output.",
  },
  "plan-unreadable": {
    title: "The plan file cannot be read",
    wayOut: "Use the file as `launch plan --out` wrote it.",
  },
  "plan-altered": {
    title: "The plan file was changed after it was written",
    wayOut: "Plan again, and approve what that says; nothing was sent.",
  },
  "plan-drift": {
    title: "The launch is no longer what was approved",
    wayOut: "Put back what has changed, or plan and approve again; nothing was sent.",
  },
  "wrong-sender": {
    title: "The plan is for another sender",
    wayOut: "Use the account that the plan names, or plan again with this one; nothing was sent.",
  },
  "journal-other-plan": {
    title: "The journal belongs to another plan",
    wayOut: "Finish that plan, or name another journal file with --journal.",
  },
  "journal-unreadable": {
    title: "The journal cannot be read",
    wayOut:
      "Do not delete it before you know by an explorer that none of the sender's transactions is pending; then name another one with --journal.",
  },
  "port-busy": {
    title: "The port is taken",
    wayOut:
      "Stop what listens there, another local chain perhaps, or name free ones with --port and --page-port.",
  },
  "program-failed": {
    title: "A program of the local launch did not start",
    wayOut: "What it said stands above; `launch local --chain-only` does without.",
  },
  "price-differs": {
    title: "The pool of a rehearsal is not at the price of the terms",
    wayOut: "Do not launch; report it with the rehearsal.",
  },
  "safe-unusable": {
    title: "The Safe cannot carry out the plan",
    wayOut:
      "Name a Safe of version 1.3.0, 1.4.1 or 1.5.0 on this chain, or deploy from an account; nothing was sent.",
  },
  "sender-busy": {
    title: "The sender has transactions pending that are not of this plan",
    wayOut: "Wait until they are mined, and let nobody else use this account meanwhile. Then run it again.",
    retryable: true,
  },
  "nonce-taken": {
    title: "Another transaction of the sender was mined in the place of one of the plan",
    wayOut:
      "Find out who else has this key. If it was you: what was signed is void now, so name another journal file with --journal and run it again; steps that are done are skipped.",
  },
  "no-lasting-chain": {
    title: "A simulated chain ends with the command",
    wayOut: "Name a network that stays with --network.",
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
} as const satisfies Record<string, ErrorEntry>;

export type LaunchErrorCode = keyof typeof launchErrors;

/** An error of the catalogue; `detail` says what happened this time. */
export function launchError(code: LaunchErrorCode, detail: string, more: ErrorMore = {}): SlipwayError {
  return new SlipwayError(describeError(launchErrors, code, detail, more));
}
