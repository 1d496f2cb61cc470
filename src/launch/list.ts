import { bytesToHex, parseEventLogs, zeroAddress, type Account, type Address, type Hex } from "viem";
import { getBlockNumber, getContractEvents, readContract } from "viem/actions";
import { mineHookSalt } from "../../deploy/mineSalt.ts";
import { blockingOf, type Reconciliation } from "../reconcile/reconcile.ts";
import { saleAbi } from "../sdk/abi/Sale.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import { phaseOf, type Phase } from "../sdk/phase.ts";
import { termsHash } from "../sdk/terms.ts";
import { launchError } from "./launchErrors.ts";
import { requireCanonical, type CanonicalModules } from "./requireCanonical.ts";
import { sendToSale, type ChainClient, type ListingCall } from "./sendToSale.ts";

export type Listed = {
  /** The pool, as its venue names it. */
  id: Hex;
  transaction: Hex;
  poolTokens: bigint;
  poolCurrency: bigint;
  fee: bigint;
  treasury: bigint;
  unsold: bigint;
  /** Undefined where the sale was listed before, by whomever. */
  reconciliation: Reconciliation | undefined;
};

export type ListOptions = {
  client: ChainClient;
  account: Account | Address;
  record: LaunchRecord;
  canonical: CanonicalModules;
  /** Run first; what it finds to be blocking stops the listing. */
  reconcile: () => Promise<Reconciliation>;
  /** Of the token that v3 bears: left out, 32 random bytes. Whoever knows it before can hold up this attempt. */
  salt?: Hex;
};

/**
 * Reconciles, then lists with the history of the reconciled copy, which the sale compares once more: a stale or forked copy
 * changes nothing. Where the sale is listed already it says how; so it may be run twice. Throws `module-not-canonical`,
 * `not-succeeded`, `listing-blocked` with every difference, `not-final`, or the sale's own error such as `Sale_ListingTooEarly`.
 */
export async function list(options: ListOptions): Promise<Listed> {
  const { client, account, record, canonical } = options;
  // The terms are believed by their hash, which reconcile compares with the sale's.
  const hash = termsHash(record.terms);
  if (hash !== record.termsHash) throw launchError("record-inconsistent", `${hash}, not ${record.termsHash}`);
  requireCanonical(record.terms, canonical);
  const now = await phaseNow(client, record);
  if (now === "listed") return { ...(await readListing(client, record)), reconciliation: undefined };
  if (now !== "succeeded") throw launchError("not-succeeded", `it is ${now}`);

  const reconciliation = await options.reconcile();
  const { differences, omitted, copy, phase, block } = reconciliation;
  const blocking = blockingOf(reconciliation);
  if (blocking.length > 0 || copy === undefined) {
    const more = omitted === 0 ? "" : `, ${omitted} more of the same kinds`;
    throw launchError("listing-blocked", `${blocking.length} blocking at block ${block.number}${more}`, {
      problems: differences,
    });
  }
  if (phase !== "succeeded") throw launchError("not-final", `at block ${block.number} it is ${phase}`);

  try {
    const call = await listingCallOf(options, copy.history);
    const receipt = await sendToSale({ client, account, sale: record.sale, call });
    const [event] = parseEventLogs({ abi: saleAbi, eventName: "Listed", logs: receipt.logs }).filter(
      ({ address }) => address.toLowerCase() === record.sale.toLowerCase(),
    );
    if (event === undefined) throw launchError("transaction-reverted", receipt.transactionHash);
    return { ...event.args, transaction: receipt.transactionHash, reconciliation };
  } catch (error) {
    // Somebody else may have been first.
    if ((await phaseNow(client, record)) !== "listed") throw error;
    return { ...(await readListing(client, record)), reconciliation };
  }
}

/**
 * On v3 the token is born in the listing, at an address that nobody is to know before: a random salt, another one each time. An
 * existing token's hook on v4 is born there too, at an address that says what it may do.
 */
export async function listingCallOf(
  {
    client,
    record: { sale, terms },
    salt = bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
  }: Pick<ListOptions, "client" | "record" | "salt">,
  history: Hex,
): Promise<ListingCall> {
  const { venue } = terms.listing;
  if (terms.token.existing !== zeroAddress && venue !== zeroAddress) {
    return { functionName: "listWithSalt", args: [history, mineHookSalt({ venue, sale })] };
  }
  const token = await readContract(client, { address: sale, abi: saleAbi, functionName: "token" });
  return token === zeroAddress
    ? { functionName: "listWithSalt", args: [history, salt] }
    : { functionName: "list", args: [history] };
}

async function phaseNow(client: ChainClient, { sale }: LaunchRecord): Promise<Phase> {
  return phaseOf(await readContract(client, { address: sale, abi: saleAbi, functionName: "phase" }));
}

/** Nodes refuse logs over long ranges. */
const LOG_RANGE = 10_000n;

/** The `Listed` event of a sale that is listed, from the latest block backwards. */
async function readListing(
  client: ChainClient,
  { sale, startBlock }: LaunchRecord,
): Promise<Omit<Listed, "reconciliation">> {
  for (let to = await getBlockNumber(client, { cacheTime: 0 }); to >= startBlock; to -= LOG_RANGE) {
    const from = to - LOG_RANGE + 1n;
    const [event] = await getContractEvents(client, {
      ...{ address: sale, abi: saleAbi, eventName: "Listed", strict: true },
      ...{ fromBlock: from > startBlock ? from : startBlock, toBlock: to },
    });
    if (event !== undefined) return { ...event.args, transaction: event.transactionHash };
  }
  throw new Error(`The sale ${sale} is listed, and its node has no event of that.`);
}
