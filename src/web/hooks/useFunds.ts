import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { SaleState } from "../chain/readSale.ts";
import type { Terms } from "../../sdk/terms.ts";
import { readFunds } from "../watch/readFunds.ts";
import { readListing, type Listing } from "../watch/readListing.ts";
import { useLaunch } from "./LaunchContext.tsx";
import { CHAIN } from "./useSale.ts";

/** Where the sale's money and tokens are, from the chain. */
export function useFunds({ listedAt }: Pick<SaleState, "listedAt">, terms: Terms) {
  const { config, client } = useLaunch();
  const queries = useQueryClient();
  const { sale, startBlock } = config;
  /** Looked for once: it does not move. */
  const listing = (): Promise<Listing> =>
    queries.query({
      queryKey: ["listing", sale, String(listedAt)],
      queryFn: () => readListing(client, { sale, startBlock, listedAt }),
      staleTime: Infinity,
    });
  return useQuery({
    queryKey: [CHAIN, "funds", sale, listedAt !== 0n],
    queryFn: async () =>
      readFunds(client, { sale, terms, listing: listedAt === 0n ? undefined : await listing() }),
    refetchInterval: 15_000,
  });
}
