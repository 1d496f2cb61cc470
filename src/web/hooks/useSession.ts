import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Address } from "viem";
import { signMessage } from "viem/actions";
import { useConfig, useConnection } from "wagmi";
import { createSignerClient, type SignerSession } from "../../sdk/signerClient.ts";
import { explainError } from "../errors/explainError.ts";
import { PERSONA } from "../wallet/PERSONA.ts";
import { walletOf } from "../wallet/walletOf.ts";
import { useLaunch } from "./LaunchContext.tsx";

/**
 * The wallet's session with the signer (SIWE), kept for this tab. A persona signs in by itself; every other wallet is
 * asked only when the buyer says so.
 */
export function useSession(buyer: Address) {
  const { config } = useLaunch();
  const wagmi = useConfig();
  const queries = useQueryClient();
  const { connector } = useConnection();
  const queryKey = useMemo(() => ["session", config.signerUrl, buyer], [config, buyer]);
  const client = useMemo(() => createSignerClient({ url: config.signerUrl }), [config]);

  async function login(): Promise<SignerSession> {
    try {
      const wallet = await walletOf(wagmi, { buyer, chainId: config.chainId });
      return await client.login({
        wallet: buyer,
        chainId: config.chainId,
        origin: window.location.origin,
        signMessage: (message) => signMessage(wallet, { account: wallet.account, message }),
      });
    } catch (error) {
      throw explainError(error);
    }
  }

  const stored = useQuery({
    queryKey,
    queryFn: login,
    enabled: connector?.type === PERSONA,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const signIn = useMutation({
    mutationFn: login,
    onSuccess: (session) => queries.setQueryData(queryKey, session),
  });
  return {
    session: stored.data,
    signingIn: stored.isLoading || signIn.isPending,
    signIn: () => {
      signIn.mutate();
    },
    error: signIn.error ?? stored.error,
  };
}
