import { zeroAddress } from "viem";
import type { AddressLabel } from "../launchRecord.ts";
import type { Launch } from "./Launch.ts";

/** The addresses that a launch file names, each with what it is there. */
export function labelsOf({ insiders, vesting, roles, payout }: Launch): AddressLabel[] {
  const { owner, compliance, guardian } = roles;
  return [
    ...insiders,
    ...vesting.allocations.map(({ beneficiary, label }) => ({ address: beneficiary, label })),
    { address: owner, label: "owner" },
    { address: compliance, label: "compliance" },
    { address: guardian, label: "guardian" },
    { address: payout.treasury, label: "treasury" },
    { address: payout.feeRecipient, label: "fee recipient" },
  ].filter(({ address }) => address !== zeroAddress);
}
