import { useQuery } from "@tanstack/react-query";
import type { SaleState } from "../chain/readSale.ts";
import type { Terms } from "../../sdk/terms.ts";
import { readFunds } from "../watch/readFunds.ts";
import { useLaunch } from "./LaunchContext.tsx";
import { CHAIN } from "./useSale.ts";

/** Where the sale's money and tokens are, from the chain. */
export function useFunds(state: SaleState, terms: Terms) {
  const { config, client } = useLaunch();
  const isListed = state.phase === "listed";
  return useQuery({
    queryKey: [CHAIN, "funds", config.sale, isListed],
    queryFn: () => readFunds(client, { sale: config.sale, terms, startBlock: config.startBlock, isListed }),
    refetchInterval: 15_000,
  });
}
