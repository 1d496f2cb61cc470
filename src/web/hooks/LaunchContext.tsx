import { createContext, use, type ReactNode } from "react";
import { createPageClient, type PageClient } from "../chain/createChain.ts";
import type { PageConfig } from "../config/pageConfig.ts";

export type LaunchContextValue = { config: PageConfig; client: PageClient };

const LaunchContext = createContext<LaunchContextValue | undefined>(undefined);

export function createLaunch(config: PageConfig): LaunchContextValue {
  return { config, client: createPageClient(config) };
}

export function LaunchProvider({ value, children }: { value: LaunchContextValue; children: ReactNode }) {
  return <LaunchContext value={value}>{children}</LaunchContext>;
}

/** The configuration, and the client that reads its chain. */
export function useLaunch(): LaunchContextValue {
  const value = use(LaunchContext);
  if (value === undefined) throw new Error("useLaunch needs a LaunchProvider above it");
  return value;
}
