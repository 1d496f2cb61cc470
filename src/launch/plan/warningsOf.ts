import { formatEther, formatUnits, zeroAddress, type Address } from "viem";
import { LOCAL_CHAIN_ID } from "../../../deploy/chains.ts";
import type { Launch } from "../../sdk/launchFile/Launch.ts";
import { vested } from "../../sdk/vested.ts";
import { raiseScenarios } from "./raiseScenarios.ts";

const DAY = 86_400n;

/** What is allowed and may still be a mistake. */
export function warningsOf({
  launch,
  now,
  balance,
  codeless,
}: {
  launch: Launch;
  /** Seconds, of the chain. */
  now: bigint;
  balance: { before: bigint; after: bigint };
  /** Addresses that are no contracts on this chain. */
  codeless: readonly Address[];
}): string[] {
  const { sale, listing, roles, payout, token, chainId } = launch;
  const isLocal = chainId === LOCAL_CHAIN_ID;
  const single = (["owner", "compliance", "guardian"] as const).filter(
    (role) => roles[role] !== zeroAddress && codeless.includes(roles[role]),
  );
  const holders = [roles.owner, roles.compliance, roles.guardian].filter((holder) => holder !== zeroAddress);

  const overhang = raiseScenarios(launch)
    .filter(({ fails }) => !fails)
    .map((scenario) => ({ ...scenario, loose: looseAtListing(launch, scenario.unsold) }))
    .find(({ loose, pool }) => loose > pool.tokens);

  const told: [holds: boolean, words: string][] = [
    [
      balance.after < 0n,
      `The sender has ${formatEther(balance.before)} ETH and needs ${formatEther(balance.before - balance.after)} at today's gas price.`,
    ],
    [sale.opensAt <= now, "The sale opens in the past: it is open as soon as it is created."],
    [
      sale.opensAt > now && sale.opensAt < now + DAY,
      "The sale opens within 24 hours: that leaves little time for signer, page and a second look.",
    ],
    [
      token.existing !== zeroAddress,
      "The token exists already: somebody must approve the supply and call fund() before the sale opens, or it fails.",
    ],
    [
      !isLocal && single.length > 0,
      `One key alone holds: ${single.join(", ")}. A multisig would need several people.`,
    ],
    [
      !isLocal && codeless.includes(payout.treasury),
      "The treasury is one key alone: whoever has it has the proceeds.",
    ],
    [new Set(holders).size < holders.length, "One address holds several of owner, compliance and guardian."],
    [roles.guardian === zeroAddress, "Nobody can pause the sale or declare it failed."],
    [!sale.voucherRequired, "Anybody may buy: no voucher, so no KYC and no cap for one person."],
    [sale.coolingOff === 0n, "Buyers cannot withdraw: there is no cooling-off."],
    [
      listing.venue !== "none" && listing.lockSeconds < 180n * DAY,
      "The liquidity is locked for less than 180 days.",
    ],
    [
      listing.venue === "uniswap-v3",
      "On v3 whoever sees the listing before it is mined can hold it up: send it through a private relay, or list on v4.",
    ],
    [
      listing.venue !== "none" && listing.liquidityBps < 2_000,
      "Less than 20 % of the raise goes into the pool: a small sale moves its price far.",
    ],
    [
      listing.venue !== "none" && overhang !== undefined,
      `At the ${overhang?.name ?? ""} others than buyers can sell ${shown(overhang?.loose)} tokens within 30 days of listing, more than the ${shown(overhang?.pool.tokens)} in the pool: allocations released by then, and unsold tokens where the treasury gets them.`,
    ],
    [
      2n * listing.price.currencyUnits * sale.price.tokenUnits >=
        3n * sale.price.currencyUnits * listing.price.tokenUnits,
      "The listing price is half as much again as the sale price or more: buyers can sell at a profit at once.",
    ],
    [
      sale.voucherRequired && roles.signerMaxCap >= sale.hardCap,
      "The signer's maxCap is the whole hard cap: a stolen signer key could sell everything to one wallet.",
    ],
  ];
  return told.filter(([holds]) => holds).map(([, words]) => words);

  function shown(units = 0n): string {
    return Number(formatUnits(units, token.decimals)).toLocaleString("en-US", { maximumFractionDigits: 0 });
  }
}

/** Tokens that are no buyer's and may be sold within 30 days of listing. */
function looseAtListing({ payout, vesting }: Launch, unsold: bigint): bigint {
  const released = vesting.allocations.reduce(
    (sum, { schedule, amount }) => sum + vested(schedule, amount, 30n * DAY),
    0n,
  );
  return released + (payout.burnUnsold ? 0n : unsold);
}
