import { concat, keccak256, numberToHex, type Address, type Hex } from "viem";
import { privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";

/** People made up from a secret seed: whoever has it signs for them, so they belong into a staging signer alone. */
export function drillPeople(seed: Hex, count: number): PrivateKeyAccount[] {
  return Array.from({ length: count }, (_, index) =>
    privateKeyToAccount(keccak256(concat([seed, numberToHex(index, { size: 32 })]))),
  );
}

/** Their decisions, as the signer's `import` takes them. */
export function drillDecisions(
  people: readonly { address: Address }[],
  { tier, country, decidedAt }: { tier: string; country: string; decidedAt: Date },
): string {
  const rows = people.map(({ address }) =>
    [address, `drill-${address}`, country, tier, "approved", decidedAt.toISOString()].join(","),
  );
  return ["wallet,subject,country,tier,decision,decidedAt", ...rows, ""].join("\n");
}
