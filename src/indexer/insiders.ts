import { getAddress } from "viem";
import type { Insiders } from "../sdk/indexerApi.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import type { Queries } from "./queries.ts";

/** The addresses that the launch file names, with what they have in the sale. */
export async function insidersOf(
  queries: Pick<Queries, "positionsOf" | "concentration">,
  { sale, labels = [] }: LaunchRecord,
): Promise<Insiders> {
  const addresses = [...new Set(labels.map(({ address }) => getAddress(address)))];
  const positions = await queries.positionsOf(sale, addresses);
  const paid = positions.reduce((sum, position) => sum + BigInt(position.paid), 0n);
  const { paid: paidByAll } = await queries.concentration(sale);
  return {
    insiders: addresses.map((address) => ({
      address,
      labels: labels.filter((each) => getAddress(each.address) === address).map(({ label }) => label),
      position: positions.find(({ buyer }) => buyer === address) ?? null,
    })),
    paid: String(paid),
    paidByAll,
  };
}
