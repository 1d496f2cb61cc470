import { createConfig, createStorage, type Config, type CreateConnectorFn } from "wagmi";
import { createChain, createTransport, type PageClient } from "../chain/createChain.ts";
import type { PageConfig } from "../config/pageConfig.ts";

/** wagmi for one chain: wallets announce themselves (EIP-6963); on a local chain personas stand beside them. */
export async function createWalletConfig(config: PageConfig, client: PageClient): Promise<Config> {
  const chain = createChain(config);
  return createConfig({
    chains: [chain],
    connectors: await personaConnectors(config, client),
    transports: { [chain.id]: createTransport(config) },
    storage: createStorage({ storage: window.localStorage, key: "slipway.wallet" }),
    multiInjectedProviderDiscovery: true,
  });
}

/** Keys and curves are loaded where there are personas only: nobody else pays for them. */
async function personaConnectors(config: PageConfig, client: PageClient): Promise<CreateConnectorFn[]> {
  if (config.personas.length === 0) return [];
  const { personaConnector } = await import("./personaConnector.ts");
  return config.personas.map((persona) => personaConnector({ persona, client, chain: createChain(config) }));
}
