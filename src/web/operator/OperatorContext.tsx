import { createContext, use } from "react";
import type { OperatorClient } from "./createOperatorClient.ts";

const OperatorContext = createContext<OperatorClient | undefined>(undefined);
export const OperatorProvider = OperatorContext;

/** The signer's API by the key that was given. */
export function useOperator(): OperatorClient {
  const client = use(OperatorContext);
  if (client === undefined) throw new Error("useOperator needs an OperatorProvider above it");
  return client;
}
