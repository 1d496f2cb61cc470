import { describeError, SlipwayError, type ErrorEntry, type ErrorMore } from "../../sdk/problem.ts";

/** What can go wrong in the page itself; the signer, the indexer and the contracts have catalogues of their own. */
export const pageErrors = {
  "config-unreachable": {
    title: "The page's configuration does not load",
    wayOut: "Reload. Whoever serves this page must serve /config.json beside it.",
    retryable: true,
  },
  "config-invalid": {
    title: "The page's configuration is wrong",
    wayOut: "Whoever serves this page must correct /config.json; nothing is sold until then.",
  },
  "rpc-unreachable": {
    title: "The chain does not answer",
    wayOut: "Check your connection. The page asks again by itself; nothing you did before is lost.",
    retryable: true,
  },
  "sale-not-found": {
    title: "There is no such sale on this chain",
    wayOut: "Do not buy. Whoever serves this page must correct its address, chain or start block.",
  },
  "wallet-rejected": {
    title: "You declined in the wallet",
    wayOut: "Nothing was sent. Continue when you are ready: the order is kept.",
    retryable: true,
  },
  "wallet-chain": {
    title: "Your wallet is on another chain",
    wayOut: "Switch the wallet to the chain of this sale.",
    retryable: true,
  },
  "wallet-changed": {
    title: "Another account is connected now",
    wayOut: "Choose the account you began with in your wallet, then continue.",
    retryable: true,
  },
  "wallet-failed": {
    title: "The wallet did not do it",
    wayOut: "Read the wallet's message, then continue: the order is kept.",
    retryable: true,
  },
  "gas-short": {
    title: "The wallet cannot pay the network fee",
    wayOut: "Add some of the chain's coin to this wallet, then continue: the order is kept.",
    retryable: true,
  },
  "payment-refused": {
    title: "The currency does not take this wallet's signature",
    wayOut: "Continue: the page asks for an approval instead. Nothing was paid.",
    retryable: true,
  },
  "balance-short": {
    title: "The wallet does not hold enough",
    wayOut: "Add funds to this wallet and continue, or discard the order and enter less.",
    retryable: true,
  },
  "session-missing": {
    title: "This wallet is not signed in",
    wayOut: "Sign in, then continue: the order is kept.",
    retryable: true,
  },
  "order-void": {
    title: "This order can no longer be used",
    wayOut:
      "Its number was consumed by something else: another purchase, a withdrawal, or compliance. Nothing was bought by it. Start a new order.",
  },
  "purchase-busy": {
    title: "Another tab of this page is buying",
    wayOut: "Finish there, or close it and continue here.",
    retryable: true,
  },
  "purchase-stuck": {
    title: "The purchase does not come to an end",
    wayOut: "Nothing is bought twice: continue, or reload the page and look at your position.",
    retryable: true,
  },
  "transaction-reverted": {
    title: "The transaction was mined and failed",
    wayOut: "Only the network fee was paid. Continue: the page finds out why before it asks again.",
    retryable: true,
  },
  unknown: {
    title: "Something unexpected happened",
    wayOut: "Nothing is bought twice: reload the page and look at your position before you go on.",
    retryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;

export type PageErrorCode = keyof typeof pageErrors;

/** An error of the page; `detail` says what happened this time. */
export function pageError(
  code: PageErrorCode,
  { detail = "", ...more }: ErrorMore & { detail?: string } = {},
): SlipwayError {
  return new SlipwayError(describeError(pageErrors, code, detail, more));
}
