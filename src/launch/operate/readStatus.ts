import type { Abi, Address, Hex, PublicClient } from "viem";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import { phaseOf, type Phase } from "../../sdk/phase.ts";
import { launchError } from "../launchErrors.ts";

/** Without its literal types: any function by its name. */
const anySaleAbi: Abi = saleAbi;

/** Where a launch stands, in base units and seconds. */
export type LaunchStatus = {
  sale: Address;
  token: Address;
  block: bigint;
  /** Of the chain. */
  time: bigint;
  phase: Phase;
  raised: bigint;
  softCap: bigint;
  hardCap: bigint;
  history: Hex;
  /** Zero: no pause so far. */
  pausedUntil: bigint;
  settledAt: bigint;
  listedAt: bigint;
  owed: { fee: bigint; treasury: bigint; unsold: bigint };
  /** What can be done next, by whom, from when. */
  next: string;
};

/** At the latest block unless one is named. Throws `record-inconsistent` where the sale has other terms than the record. */
export async function readStatus(
  chain: Pick<PublicClient, "readContract" | "getBlock">,
  { sale, token, terms, termsHash }: LaunchRecord,
  blockNumber?: bigint,
): Promise<LaunchStatus> {
  const { number, timestamp } = await chain.getBlock(blockNumber === undefined ? {} : { blockNumber });
  const read = <T>(functionName: string): Promise<T> =>
    chain.readContract({
      ...{ address: sale, abi: anySaleAbi, functionName, blockNumber: number },
    }) as Promise<T>;
  const hash = await read<Hex>("termsHash");
  if (hash !== termsHash)
    throw launchError("record-inconsistent", `the sale says ${hash}, the record ${termsHash}`);

  const phase = phaseOf(await read<number>("phase"));
  const [fee, treasury, treasuryPaid, unsold] = await read<[bigint, bigint, bigint, bigint]>("credits");
  const [raised, history, pausedUntil, settledAt, listedAt] = [
    await read<bigint>("raised"),
    await read<Hex>("history"),
    await read<bigint>("pausedUntil"),
    await read<bigint>("settledAt"),
    await read<bigint>("listedAt"),
  ];
  return {
    ...{ sale, token, block: number, time: timestamp, phase, raised, history, pausedUntil },
    ...{ softCap: terms.sale.softCap, hardCap: terms.sale.hardCap, settledAt, listedAt },
    owed: { fee, treasury: treasury - treasuryPaid, unsold },
    next: nextStep(phase, terms, settledAt, timestamp),
  };
}

function nextStep(
  phase: Phase,
  { sale, listing }: LaunchRecord["terms"],
  settledAt: bigint,
  now: bigint,
): string {
  const listable = settledAt + listing.delay;
  switch (phase) {
    case "unfunded":
      return `whoever has the tokens funds the sale before ${at(sale.opensAt)}, or it fails`;
    case "pending":
      return `it opens at ${at(sale.opensAt)}`;
    case "open":
      return `it closes at ${at(sale.closesAt)}`;
    case "closed":
      return `anybody finalises it; it must be listed before ${at(listing.deadline)}`;
    case "succeeded":
      return listable > now
        ? `the guardian may declare it failed until ${at(listable)}; from then on anybody lists it, before ${at(listing.deadline)}`
        : `anybody lists it, before ${at(listing.deadline)}`;
    case "listed":
      return "anybody releases fee, treasury and unsold tokens; buyers claim";
    case "failed":
      return "anybody refunds each buyer";
  }
}

function at(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000", "");
}
