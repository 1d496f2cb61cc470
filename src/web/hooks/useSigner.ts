import { useQuery } from "@tanstack/react-query";
import { createSignerClient } from "../../sdk/signerClient.ts";
import type { SignerLaunch } from "../../sdk/signerApi.ts";
import { useLaunch } from "./LaunchContext.tsx";

/** The signer's launch, and whether it gives vouchers now. */
export type SignerState = {
  launch: SignerLaunch;
  ready: boolean;
  /** The first check that fails, where it is not ready. */
  reason?: string;
};

/** Asked every fifteen seconds; a signer that serves another launch, or is not ready, stops the page from selling. */
export function useSigner() {
  const { config } = useLaunch();
  return useQuery({
    queryKey: ["signer", config.signerUrl],
    queryFn: async (): Promise<SignerState> => {
      const signer = createSignerClient({ url: config.signerUrl });
      const [launch, { ready, checks }] = await Promise.all([signer.launch(), signer.ready()]);
      const failing = checks.find((check) => !check.ok);
      const reason =
        failing === undefined ? undefined : [failing.name, failing.wayOut].filter(Boolean).join(": ");
      return { launch, ready, ...(reason === undefined ? {} : { reason }) };
    },
    refetchInterval: 15_000,
  });
}
