import { encodeAbiParameters, zeroAddress, type Address } from "viem";
import { contractArtifact } from "../../../deploy/artifacts.ts";
import { canonicalModules } from "../../../deploy/canonical.ts";
import { chainParameters } from "../../../deploy/chains.ts";
import type { Clock } from "../../chain/clock.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import { SourceRefused, type Explorer, type ExplorerName } from "./explorers.ts";
import { standardInput } from "./standardInput.ts";

/** A contract whose source an explorer is to show. */
export type Source = {
  /** Its artifact: "Sale.sol/Sale". */
  artifact: string;
  chainId: number;
  address: Address;
  constructorArgs: readonly unknown[];
};

export type SourceOutcome = { artifact: string; address: Address; explorer: ExplorerName } & (
  { verified: true } | { verified: false; why: string }
);

/** What lies on the chain for this launch, with what each contract was created with. Throws `chain-unknown`. */
export function sourcesOf({ chainId, sale, token, terms, registry }: LaunchRecord): Source[] {
  const chain = chainParameters(chainId);
  const { vesting, venueV2, venueV3, venueV4 } = canonicalModules(chain);
  const { uniswapV2, uniswapV3, uniswapV4 } = chain;
  const { name, symbol, decimals, maxSupply, existing } = terms.token;
  const venue = [
    { name: "VenueV2", address: venueV2.address, constructorArgs: [uniswapV2.factory, uniswapV2.weth] },
    { name: "VenueV3", address: venueV3.address, constructorArgs: [uniswapV3.factory, uniswapV2.weth] },
    { name: "VenueV4", address: venueV4.address, constructorArgs: [uniswapV4.poolManager] },
  ].find(({ address }) => address === terms.listing.venue);
  const isBorn = existing === zeroAddress && token !== zeroAddress;
  return [
    { artifact: "Sale.sol/Sale", address: sale, constructorArgs: [terms] },
    ...(isBorn
      ? [
          {
            artifact: "LaunchToken.sol/LaunchToken",
            address: token,
            constructorArgs: [name, symbol, decimals, maxSupply],
          },
        ]
      : []),
    ...(venue === undefined
      ? []
      : [
          {
            artifact: `venues/${venue.name}.sol/${venue.name}`,
            address: venue.address,
            constructorArgs: venue.constructorArgs,
          },
        ]),
    { artifact: "Vesting.sol/Vesting", address: vesting.address, constructorArgs: [] },
    { artifact: "LaunchRegistry.sol/LaunchRegistry", address: registry, constructorArgs: [] },
  ]
    .filter(({ address }) => address !== zeroAddress)
    .map((source) => ({ ...source, chainId }));
}

const FIRST_WAIT_MS = 2_000;

/**
 * Has each explorer verify each contract, one after the other. An explorer that is busy, down or answers no JSON is asked
 * again; what it refuses for good is not. What fails is told, and never ends the rest.
 */
export async function verifySources({
  sources,
  on,
  clock,
  attempts = 3,
}: {
  sources: readonly Source[];
  on: readonly Explorer[];
  clock: Clock;
  attempts?: number;
}): Promise<SourceOutcome[]> {
  const outcomes: SourceOutcome[] = [];
  for (const explorer of on) {
    for (const source of sources) {
      const { artifact, address } = source;
      const why = await refusalOf(explorer, source, clock, attempts);
      const where = { artifact, address, explorer: explorer.name };
      outcomes.push(why === undefined ? { ...where, verified: true } : { ...where, verified: false, why });
    }
  }
  return outcomes;
}

/** Undefined when it passed; else why not, in short. */
async function refusalOf(
  explorer: Explorer,
  { artifact, chainId, address, constructorArgs }: Source,
  clock: Clock,
  attempts: number,
): Promise<string | undefined> {
  const { inputs = [] } = contractArtifact(artifact).abi.find((entry) => entry.type === "constructor") ?? {};
  const submission = {
    ...{ chainId, address, ...standardInput(artifact) },
    constructorArgs: encodeAbiParameters(inputs, constructorArgs),
  };
  for (let attempt = 1; ; attempt++) {
    try {
      await explorer.verify(submission);
      return undefined;
    } catch (error) {
      if (error instanceof SourceRefused || attempt >= attempts) return wordsOf(error);
      await clock.sleep(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  }
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").slice(0, 300);
}
