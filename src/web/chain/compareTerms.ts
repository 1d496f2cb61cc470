import type { SignerLaunch } from "../../sdk/signerApi.ts";
import type { PageConfig } from "../config/pageConfig.ts";
import type { SaleState } from "./readSale.ts";
import type { CreatedTerms } from "./readTerms.ts";

type What =
  | ("chain id" | "sale" | "terms hash" | "hash of the terms shown")
  | ("token symbol" | "token decimals" | "currency decimals");

/** One thing that must be the same everywhere. */
export type Difference = { what: What; page: string; other: string; where: "chain" | "signer" };

/**
 * What differs between page, chain and signer; empty: all name the same launch. The terms shown are hashed again here,
 * so a node cannot show others under the right hash. A signer that does not answer is no difference: see its readiness.
 */
export function compareTerms({
  config,
  state,
  created,
  signer,
}: {
  config: Pick<PageConfig, "chainId" | "sale" | "termsHash" | "launch">;
  state: Pick<SaleState, "chainId" | "termsHash">;
  created: Pick<CreatedTerms, "hash" | "currencyDecimals"> & {
    terms: { token: { decimals: number; symbol: string } };
  };
  signer: Pick<SignerLaunch, "chainId" | "sale" | "termsHash"> | undefined;
}): Difference[] {
  const { launch } = config;
  const rows: Difference[] = [
    { what: "chain id", page: String(config.chainId), other: String(state.chainId), where: "chain" },
    { what: "terms hash", page: config.termsHash, other: state.termsHash, where: "chain" },
    { what: "hash of the terms shown", page: config.termsHash, other: created.hash, where: "chain" },
    { what: "token symbol", page: launch.symbol, other: created.terms.token.symbol, where: "chain" },
    {
      what: "token decimals",
      page: String(launch.decimals),
      other: String(created.terms.token.decimals),
      where: "chain",
    },
    {
      what: "currency decimals",
      page: String(launch.currencyDecimals),
      other: String(created.currencyDecimals),
      where: "chain",
    },
  ];
  if (signer !== undefined) {
    rows.push(
      { what: "chain id", page: String(config.chainId), other: String(signer.chainId), where: "signer" },
      { what: "sale", page: config.sale, other: signer.sale, where: "signer" },
      { what: "terms hash", page: config.termsHash, other: signer.termsHash, where: "signer" },
    );
  }
  return rows.filter(({ what, page, other }) =>
    what === "token symbol" ? page !== other : !sameHex(page, other),
  );
}

function sameHex(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
