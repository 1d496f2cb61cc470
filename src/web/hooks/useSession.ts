import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Address } from "viem";
import { signMessage } from "viem/actions";
import { useConfig, useConnection } from "wagmi";
import { createSignerClient, type SignerSession } from "../../sdk/signerClient.ts";
import { explainError } from "../errors/explainError.ts";
import { createSessionStore } from "../session/createSessionStore.ts";
import { guardSession } from "../session/guardSession.ts";
import { PERSONA } from "../wallet/PERSONA.ts";
import { walletOf } from "../wallet/walletOf.ts";
import { useLaunch } from "./LaunchContext.tsx";

/**
 * The wallet's session with the signer (SIWE), kept for this tab. A persona signs in by itself; every other wallet is
 * asked only when the buyer says so. None is begun or taken up while not `wanted`.
 */
export function useSession(buyer: Address, wanted: boolean) {
  const { config } = useLaunch();
  const { chainId, signerUrl } = config;
  const wagmi = useConfig();
  const queries = useQueryClient();
  const { connector } = useConnection();
  const queryKey = useMemo(() => ["session", signerUrl, buyer], [signerUrl, buyer]);
  const client = useMemo(() => createSignerClient({ url: signerUrl }), [signerUrl]);
  const store = useMemo(() => createSessionStore({ storage: window.sessionStorage, signerUrl }), [signerUrl]);

  async function login(): Promise<SignerSession> {
    try {
      const wallet = await walletOf(wagmi, { buyer, chainId });
      const session = await client.login({
        ...{ wallet: buyer, chainId, origin: window.location.origin },
        signMessage: (message) => signMessage(wallet, { account: wallet.account, message }),
      });
      store.write(session.session);
      return session;
    } catch (error) {
      throw explainError(error);
    }
  }

  const kept = useQuery({
    queryKey,
    queryFn: async (): Promise<SignerSession | null> => {
      const before = store.read(buyer);
      if (before !== undefined) return client.resume(before);
      return connector?.type === PERSONA ? login() : null;
    },
    enabled: wanted,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  const signIn = useMutation({
    mutationFn: login,
    onSuccess: (session) => queries.setQueryData(queryKey, session),
  });

  const session = useMemo(() => {
    if (kept.data == null) return undefined;
    return guardSession(kept.data, () => {
      store.remove(buyer);
      void queries.resetQueries({ queryKey });
    });
  }, [kept.data, store, buyer, queries, queryKey]);

  return {
    session,
    signingIn: kept.isLoading || signIn.isPending,
    signIn: () => {
      signIn.mutate();
    },
    error: signIn.error ?? kept.error,
  };
}
