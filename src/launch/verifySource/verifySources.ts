import { zeroAddress, type Address } from "viem";
import { canonicalModules } from "../../../deploy/canonical.ts";
import { chainParameters } from "../../../deploy/chains.ts";
import type { Clock } from "../../chain/clock.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";

/** A contract whose source an explorer is to show. */
export type Source = { contract: string; address: Address; constructorArgs: readonly unknown[] };

export const explorers = ["sourcify", "etherscan", "blockscout"] as const;
export type Explorer = (typeof explorers)[number];

export type SourceOutcome = { contract: string; address: Address; explorer: Explorer } & (
  { verified: true } | { verified: false; why: string }
);

/** What lies on the chain for this launch, with what each contract was created with. Throws `chain-unknown`. */
export function sourcesOf({ chainId, sale, token, terms, registry }: LaunchRecord): Source[] {
  const chain = chainParameters(chainId);
  const { vesting, venueV2, venueV3, venueV4 } = canonicalModules(chain);
  const { uniswapV2, uniswapV3, uniswapV4 } = chain;
  const { name, symbol, decimals, maxSupply, existing } = terms.token;
  const modules: Source[] = [
    { contract: "VenueV2", address: venueV2.address, constructorArgs: [uniswapV2.factory, uniswapV2.weth] },
    { contract: "VenueV3", address: venueV3.address, constructorArgs: [uniswapV3.factory, uniswapV2.weth] },
    { contract: "VenueV4", address: venueV4.address, constructorArgs: [uniswapV4.poolManager] },
  ].map((each) => ({ ...each, contract: `contracts/venues/${each.contract}.sol:${each.contract}` }));
  const isBorn = existing === zeroAddress && token !== zeroAddress;
  return [
    { contract: "contracts/Sale.sol:Sale", address: sale, constructorArgs: [terms] },
    ...(isBorn
      ? [
          {
            contract: "contracts/LaunchToken.sol:LaunchToken",
            address: token,
            constructorArgs: [name, symbol, decimals, maxSupply],
          },
        ]
      : []),
    ...modules.filter(({ address }) => address === terms.listing.venue),
    { contract: "contracts/Vesting.sol:Vesting", address: vesting.address, constructorArgs: [] },
    { contract: "contracts/LaunchRegistry.sol:LaunchRegistry", address: registry, constructorArgs: [] },
  ].filter(({ address }) => address !== zeroAddress);
}

const FIRST_WAIT_MS = 2_000;

/**
 * Has each explorer verify each contract, one after the other. An explorer that is busy, down or answers no JSON is asked
 * again; one that says nothing definite in time is given up. What fails is told, and never ends the rest.
 */
export async function verifySources({
  sources,
  on,
  verify,
  clock,
  attempts = 3,
  giveUpMs = 180_000,
}: {
  sources: readonly Source[];
  on: readonly Explorer[];
  verify: (source: Source, explorer: Explorer) => Promise<unknown>;
  clock: Clock;
  attempts?: number;
  giveUpMs?: number;
}): Promise<SourceOutcome[]> {
  const outcomes: SourceOutcome[] = [];
  for (const explorer of on) {
    for (const source of sources) {
      const { contract, address } = source;
      let why = "";
      for (let attempt = 0; attempt < attempts; attempt++) {
        if (attempt > 0) await clock.sleep(FIRST_WAIT_MS * 2 ** attempt);
        why = await tried(source, explorer);
        if (why === "") break;
      }
      const where = { contract, address, explorer };
      outcomes.push(why === "" ? { ...where, verified: true } : { ...where, verified: false, why });
    }
  }
  return outcomes;

  /** Empty when it passed; else why not, in short and without keys. */
  async function tried(source: Source, explorer: Explorer): Promise<string> {
    const late = clock.deadline(giveUpMs);
    try {
      await Promise.race([
        verify(source, explorer),
        new Promise((_, reject) => {
          late.addEventListener("abort", () => {
            reject(new Error("nothing definite in time"));
          });
        }),
      ]);
      return "";
    } catch (error) {
      const text = error instanceof Error && error.message !== "" ? error.message : "failed";
      return text
        .replace(/(api-?key=)[^&\s"]+/gi, "$1…")
        .replace(/\s+/g, " ")
        .slice(0, 300);
    }
  }
}
