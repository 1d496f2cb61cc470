import { createClient, defineChain, http, type Chain, type Client, type HttpTransport } from "viem";
import type { PageConfig } from "../config/pageConfig.ts";

export type PageClient = Client<HttpTransport, Chain>;

/** The chain of the configuration, as viem and wallets name one. */
export function createChain({ chainId, rpcUrl, local }: PageConfig): Chain {
  return defineChain({
    id: chainId,
    name: local ? "Local test chain" : `Chain ${String(chainId)}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
}

/** Calls made in one tick travel as one request. */
export function createTransport({ rpcUrl }: PageConfig): HttpTransport {
  return http(rpcUrl, { batch: true, retryCount: 1, timeout: 10_000 });
}

/** Reads straight from the configured node, whatever wallet is connected. */
export function createPageClient(config: PageConfig): PageClient {
  return createClient({
    chain: createChain(config),
    transport: createTransport(config),
    pollingInterval: config.local ? 200 : 4_000,
    cacheTime: 0,
  });
}
