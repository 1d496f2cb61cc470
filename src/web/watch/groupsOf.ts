import { allocationTree } from "../../sdk/launchFile/allocationTree.ts";
import type { Allocation } from "../../sdk/launchFile/Launch.ts";
import type { Terms } from "../../sdk/terms.ts";

/**
 * The allocations that this page was given, where they are what the terms' root was made of: then `isProved`. Else none are
 * shown, and only their total is known.
 */
export function groupsOf(
  allocations: readonly Allocation[],
  { vesting }: { vesting: Pick<Terms["vesting"], "allocationsRoot" | "allocationsTotal"> },
): { allocations: readonly Allocation[]; isProved: boolean } {
  const isProved = allocationTree(allocations).root === vesting.allocationsRoot;
  return { allocations: isProved ? allocations : [], isProved };
}
