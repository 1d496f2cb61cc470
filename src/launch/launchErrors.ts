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
