import { useQuery } from "@tanstack/react-query";
import type { Address } from "viem";
import { readPosition } from "../chain/readPosition.ts";
import { useLaunch } from "./LaunchContext.tsx";
import { CHAIN } from "./useSale.ts";

/** A buyer's position, straight from the chain. */
export function usePosition(buyer: Address, currency: Address) {
  const { config, client } = useLaunch();
  return useQuery({
    queryKey: [CHAIN, "position", config.sale, buyer],
    queryFn: () => readPosition(client, { sale: config.sale, currency, buyer }),
    refetchInterval: 4_000,
  });
}
