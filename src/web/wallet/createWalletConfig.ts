import { createConfig, createStorage, type Config } from "wagmi";
import { createChain, createTransport, type PageClient } from "../chain/createChain.ts";
import type { PageConfig } from "../config/pageConfig.ts";
import { walletConnectConnector } from "../walletConnect/walletConnectConnector.ts";
import { personaConnector } from "./personaConnector.ts";

/**
 * wagmi for one chain: wallets announce themselves (EIP-6963); on a local chain personas stand beside them, and WalletConnect
 * where the page is built with it.
 */
export function createWalletConfig(config: PageConfig, client: PageClient): Config {
  const chain = createChain(config);
  return createConfig({
    chains: [chain],
    connectors: [
      ...config.personas.map((persona) => personaConnector({ persona, client, chain })),
      ...(WALLETCONNECT_PROJECT_ID === undefined ? [] : [walletConnectConnector(WALLETCONNECT_PROJECT_ID)]),
    ],
    transports: { [chain.id]: createTransport(config) },
    storage: createStorage({ storage: window.localStorage, key: "slipway.wallet" }),
    multiInjectedProviderDiscovery: true,
  });
}
