import { SlipwayError, type Problem } from "../sdk/problem.ts";

type Entry = { title: string; wayOut: string; retryable?: true };

/** Errors of the commands that move a launch on; a contract's refusals come with the contract's own names. */
export const launchErrors = {
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
