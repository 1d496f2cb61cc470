import { useQuery } from "@tanstack/react-query";
import { readSale } from "../chain/readSale.ts";
import { readTerms } from "../chain/readTerms.ts";
import { useLaunch } from "./LaunchContext.tsx";

/** Everything that moves with the chain is under this key, so that one event refreshes it all. */
export const CHAIN = "chain";
const POLL_MS = 4_000;

/** State of the sale from the chain, read again every four seconds and whenever the indexer says something moved. */
export function useSale() {
  const { config, client } = useLaunch();
  return useQuery({
    queryKey: [CHAIN, "sale", config.sale],
    queryFn: () => readSale(client, config.sale),
    refetchInterval: POLL_MS,
  });
}

/** The terms as created; read once. */
export function useTerms() {
  const { config, client } = useLaunch();
  return useQuery({
    queryKey: ["terms", config.sale],
    queryFn: () => readTerms(client, config),
    staleTime: Infinity,
  });
}
