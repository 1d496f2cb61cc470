import { zeroAddress, type Address, type Hex } from "viem";
import type { Launch } from "../src/sdk/launchFile/Launch.ts";
import { termsOf } from "../src/sdk/launchFile/termsOf.ts";
import { termsHash, type Terms } from "../src/sdk/terms.ts";
import { canonicalModules } from "./canonical.ts";
import { chainParameters, type ChainParameters } from "./chains.ts";
import type { Creation } from "./creation.ts";
import { deployError } from "./deployErrors.ts";
import { saleCreation } from "./saleCreation.ts";

/** Everything that deploying a launch means, known before anything is sent. */
export type Deployment = {
  terms: Terms;
  termsHash: Hex;
  modules: ReturnType<typeof canonicalModules>;
  /** The one of `modules` that the launch lists on. */
  venue: Creation | undefined;
  sale: Creation;
  /** Zero on v3, which bears the token in `list`. */
  token: Address;
};

/** Throws `chain-unknown` or `currency-unknown`. */
export function deploymentOf(launch: Launch): Deployment {
  const chain = chainParameters(launch.chainId);
  const modules = canonicalModules(chain);
  const venue = venueOf(launch, modules);
  const terms = termsOf(launch, {
    currency: currencyOf(launch, chain),
    venue: venue?.address ?? zeroAddress,
    vesting: modules.vesting.address,
  });
  const { sale, token } = saleCreation(terms);
  return {
    ...{ terms, termsHash: termsHash(terms), modules, venue, sale },
    token: launch.listing.venue === "uniswap-v3" ? zeroAddress : token,
  };
}

function venueOf(
  { listing: { venue } }: Launch,
  { venueV2, venueV3, venueV4 }: Deployment["modules"],
): Creation | undefined {
  switch (venue) {
    case "uniswap-v4":
      return venueV4;
    case "uniswap-v3":
      return venueV3;
    case "uniswap-v2":
      return venueV2;
    case "none":
      return undefined;
  }
}

function currencyOf({ currency, chainId }: Launch, { currencies }: ChainParameters): Address {
  if (currency.address !== undefined) return currency.address;
  const known = currencies[currency.symbol];
  if (known?.decimals === currency.decimals) return known.address;
  const names = Object.entries(currencies).map(([symbol, { decimals }]) => `${symbol} (${String(decimals)})`);
  throw deployError(
    "currency-unknown",
    `sale.currency is ${currency.symbol} with ${String(currency.decimals)} decimals; chain ${String(chainId)} has ${names.join(", ") || "none"}`,
  );
}
