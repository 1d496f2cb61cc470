import { t } from "@lingui/core/macro";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { WagmiProvider, type Config } from "wagmi";
import { loadConfig } from "../config/loadConfig.ts";
import { explainError } from "../errors/explainError.ts";
import { createLaunch, LaunchProvider, type LaunchContextValue } from "../hooks/LaunchContext.tsx";
import { createWalletConfig } from "../wallet/createWalletConfig.ts";
import { ErrorBoundary } from "./ErrorBoundary.tsx";
import { Notice } from "./Notice.tsx";
import { View } from "./View.tsx";

type Ready = { launch: LaunchContextValue; wagmi: Config; queries: QueryClient };

/** Loads the configuration, then shows the page of its launch. */
export function App() {
  const [ready, setReady] = useState<Ready>();
  const [error, setError] = useState<unknown>();

  useEffect(() => {
    loadConfig()
      .then((config) => {
        const launch = createLaunch(config);
        // Failed reads are asked again by the interval; what a person started is not repeated behind their back.
        const queries = new QueryClient({
          defaultOptions: {
            // Offline as well: what then fails is said, where a request that waits says nothing.
            queries: { retry: 1, structuralSharing: false, networkMode: "always" },
            mutations: { networkMode: "always" },
          },
        });
        setReady({ launch, wagmi: createWalletConfig(config, launch.client), queries });
      })
      .catch(setError);
  }, []);

  if (error !== undefined) {
    return (
      <main className="page">
        <Notice error={explainError(error)} />
      </main>
    );
  }
  if (ready === undefined) {
    return (
      <main className="page" aria-busy="true">
        <p className="quiet">{t`Loading…`}</p>
      </main>
    );
  }
  return (
    <WagmiProvider config={ready.wagmi}>
      <QueryClientProvider client={ready.queries}>
        <LaunchProvider value={ready.launch}>
          <ErrorBoundary>
            <View />
          </ErrorBoundary>
        </LaunchProvider>
      </QueryClientProvider>
    </WagmiProvider>
  );
}
