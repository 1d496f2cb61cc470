import { describeError, SlipwayError, type ErrorMore, type HttpErrorEntry } from "./problem.ts";

/** Every error of the chain reader, the indexer and its API. Codes are stable; texts may be reworded. */
export const indexerErrors = {
  // ── Starting ──────────────────────────────────────────────────────────────────────────────────────────────────────
  "config-invalid": {
    status: 500,
    title: "The configuration is not usable",
    wayOut: "Correct the environment variables named and start again.",
  },
  "record-unreadable": {
    status: 500,
    title: "A launch record cannot be read",
    wayOut: "Set LAUNCH_RECORD to the file, or the comma list of files, that the deployment wrote.",
  },
  "record-inconsistent": {
    status: 500,
    title: "The launch records contradict themselves or each other",
    wayOut:
      "Use the records as the deployment wrote them: one chain, each sale once, terms that hash to termsHash.",
  },
  "chain-id-mismatch": {
    status: 500,
    title: "The RPC serves another chain than the launch record names",
    wayOut: "Set RPC_URL to nodes of the record's chain.",
  },
  "sale-not-deployed": {
    status: 500,
    title: "There is no contract at the sale's address",
    wayOut: "Check that RPC_URL is the chain of the launch record, and that the deployment has finished.",
  },
  "terms-mismatch": {
    status: 500,
    title: "The sale on chain has other terms than the launch record",
    wayOut:
      "Use the record that the deployment of this sale wrote. Do not serve this one: it is another sale.",
  },
  "sale-not-canonical": {
    status: 500,
    title: "The launch is not made of Slipway's own contracts",
    wayOut:
      "Do not serve it: a contract of the issuer's own could take the raise. Where another version of Slipway deployed it, run the indexer of that version.",
  },
  "database-other-launch": {
    status: 500,
    title: "The database holds the copy of another chain",
    wayOut: "Give this indexer a database of its own, or empty this one.",
  },
  "database-unnamed": {
    status: 500,
    title: "There is no copy here to make anew",
    wayOut: "Set DATABASE_URL to that of the indexer, or start the command in the folder in which it runs.",
  },
  "indexer-running": {
    status: 500,
    title: "The indexer is running on this database",
    wayOut: "Stop every process of it that copies, run the command again, and start them.",
  },
  "port-busy": {
    status: 500,
    title: "The port is taken",
    wayOut: "Stop what listens there, or set PORT to a free one.",
  },
  // ── Reading the chain ─────────────────────────────────────────────────────────────────────────────────────────────
  "rpc-unreachable": {
    status: 503,
    title: "No RPC answered",
    wayOut: "Check RPC_URL and the nodes; the copy goes on where it stopped as soon as one answers.",
    retryable: true,
  },
  "rpc-refused": {
    status: 502,
    title: "The RPC answered with an error",
    wayOut: "Read the RPC's message; use a node that serves this request.",
  },
  "rpc-behind": {
    status: 503,
    title: "The RPC does not know a block that this copy already holds",
    wayOut: "Wait until the node has caught up, or add another URL to RPC_URL.",
    retryable: true,
  },
  "rpcs-disagree": {
    status: 503,
    title: "The RPCs contradict each other",
    wayOut:
      "Find out which node lies or is on a dead fork and remove it from RPC_URL; nothing is finalised meanwhile.",
    retryable: true,
  },
  "rpc-inconsistent": {
    status: 503,
    title: "The RPC's answers contradict each other",
    wayOut: "Add another node to RPC_URL; the range is read again until its history is proved.",
    retryable: true,
  },
  "anchor-broken": {
    status: 503,
    title: "The chain no longer contains the block this copy holds as final",
    wayOut:
      "Compare the block's hash with an explorer. If the RPC is wrong, replace it and restart. If the chain did roll back past its finality, run `resync all` and restart.",
  },
  "history-mismatch": {
    status: 503,
    title: "The sale's events do not add up to the history on chain",
    wayOut:
      "Add or replace nodes in RPC_URL, then run `resync <sale>` and restart: the sale is copied anew from its start block.",
  },
  "events-mismatch": {
    status: 503,
    title: "The sale's other events do not add up to what its contracts say",
    wayOut:
      "Add or replace nodes in RPC_URL, then run `resync <sale>` and restart: the sale is copied anew from its start block.",
  },
  "sale-quarantined": {
    status: 503,
    title: "The copy of this sale is not trusted",
    wayOut: "See `reason`; the operator runs `resync <sale>`. Other sales are not touched.",
  },
  "copy-behind": {
    status: 503,
    title: "The copy of this sale went back, and is being read anew",
    wayOut: "Ask again after the seconds in `Retry-After`; `GET /v1/sales/{sale}` says how far it is.",
    retryable: true,
  },
  // ── The API ───────────────────────────────────────────────────────────────────────────────────────────────────────
  "input-invalid": {
    status: 400,
    title: "The request is not understood",
    wayOut: "Correct the fields named.",
  },
  "rate-limited": {
    status: 429,
    title: "Too many requests from this address",
    wayOut: "Wait for the seconds in `Retry-After`; the exports and the event stream take fewer requests.",
    retryable: true,
  },
  "too-many-streams": {
    status: 429,
    title: "Too many open event streams from this network",
    wayOut: "Close one, or share it: one stream of a sale tells everything of it.",
    retryable: true,
  },
  "streams-full": {
    status: 503,
    title: "All places for event streams are taken",
    wayOut:
      "Ask again after the seconds in `Retry-After`, or read the paths; the operator may raise STREAMS or start another reader.",
    retryable: true,
  },
  "not-found": { status: 404, title: "There is no such path", wayOut: "See docs/indexer.md for the paths." },
  "sale-unknown": {
    status: 404,
    title: "This indexer does not follow that sale",
    wayOut: "`GET /v1/sales` lists the sales it follows.",
  },
  "document-unknown": {
    status: 404,
    title: "No criteria of the platform are served here",
    wayOut: "The operator sets PLATFORM and DOCUMENTS_DIR; the log says which files were refused, and why.",
  },
  "position-unknown": {
    status: 404,
    title: "This address has never been part of the sale",
    wayOut: "Check the address; a purchase shows up one block after it was mined.",
  },
  "entry-unknown": {
    status: 404,
    title: "The copy has no such entry",
    wayOut: "Entries are counted from 1; the sale's `entries` says how many there are.",
  },
  "supply-unknown": {
    status: 404,
    title: "The token was there before the launch",
    wayOut: "Ask the token itself for its supply; the launch knows only what was sold.",
  },
  "database-unreachable": {
    status: 503,
    title: "The database does not answer",
    wayOut: "Check the database; the indexer goes on by itself when it is back.",
    retryable: true,
  },
  internal: {
    status: 500,
    title: "Something failed here",
    wayOut: "The log has the cause; report it.",
    retryable: true,
  },
} as const satisfies Record<string, HttpErrorEntry>;

export type IndexerErrorCode = keyof typeof indexerErrors;

/** An error of the catalogue; `detail` says what happened this time. */
export function indexerError(code: IndexerErrorCode, detail: string, more: ErrorMore = {}): SlipwayError {
  return new SlipwayError(describeError(indexerErrors, code, detail, more));
}
