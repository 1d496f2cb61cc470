import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Terms } from "../../sdk/terms.ts";
import { readSale } from "../chain/readSale.ts";
import { explainCall } from "../errors/explainCall.ts";
import { nextLocalStep } from "../local/nextLocalStep.ts";
import { useLaunch } from "./LaunchContext.tsx";
import { CHAIN } from "./useSale.ts";

/** On a local chain: moves time to the next edge of the sale and takes the step that anybody may take there. */
export function useLocalTime(terms: Terms) {
  const { config, client } = useLaunch();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      try {
        const step = nextLocalStep(await readSale(client, config.sale), terms);
        const { takeLocalStep } = await import("../local/takeLocalStep.ts");
        if (step !== undefined) await takeLocalStep(step, { config, client });
      } catch (error) {
        throw await explainCall(error);
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [CHAIN] }),
  });
}
