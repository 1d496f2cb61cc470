import { encodeFunctionData, type Address, type Hex } from "viem";
import { launchRegistryAbi } from "../src/sdk/abi/LaunchRegistry.ts";
import type { Launch } from "../src/sdk/launchFile/Launch.ts";
import type { Artifact } from "./artifacts.ts";
import { LOCAL_CHAIN_ID } from "./chains.ts";
import type { Creation } from "./creation.ts";
import { deploymentOf } from "./deploymentOf.ts";
import { KEYLESS_DEPLOYER, keylessCreation } from "./keyless.ts";
import { localWorld } from "./localWorld.ts";

/** What is true once a step is done; a step whose condition holds is never sent. */
export type Outcome =
  | { kind: "contract"; address: Address }
  /** Whoever creates the keyless deployer can pay for it, or has done so. */
  | { kind: "funded"; address: Address; wei: bigint; unless: Address }
  | { kind: "announced"; registry: Address; sale: Address };

/** One transaction of a deployment. */
export type Step = {
  words: string;
  /** Null: it creates a contract; of a `signed` one only. */
  to: Address | null;
  value: bigint;
  data: Hex;
  /** Signed by somebody else already; it is broadcast as it is. */
  signed?: Hex;
  outcome: Outcome;
  /** Of the contract that it creates, where it is ours: what was there before is compared with it. */
  artifact?: Artifact;
};

/** Everything that deploying a launch sends, in order; deploy/modules/launchModule.ts does the same through Ignition. */
export function launchSteps(launch: Launch): Step[] {
  const { modules, venue, sale, termsHash } = deploymentOf(launch);
  const isLocal = launch.chainId === LOCAL_CHAIN_ID;
  const { creator, cost, signed } = keylessCreation;
  const deployer: Outcome = { kind: "contract", address: KEYLESS_DEPLOYER };

  return [
    {
      words: "Pay whoever signed the creation of the keyless CREATE2 deployer, where the chain lacks it",
      ...{ to: creator, value: cost, data: "0x" },
      outcome: { kind: "funded", address: creator, wei: cost, unless: KEYLESS_DEPLOYER },
    },
    {
      words: "Create the keyless CREATE2 deployer, by a transaction that was signed years ago",
      ...{ to: null, value: 0n, data: "0x", signed, outcome: deployer },
    },
    ...(isLocal ? Object.values(localWorld()).map((each) => creation(each, "for a local chain only")) : []),
    ...[modules.vesting, modules.registry, ...(venue === undefined ? [] : [venue])].map((each) =>
      creation(each, "shared by all launches of the chain"),
    ),
    creation(sale, `with terms ${termsHash}`),
    {
      words: "Announce the sale in the registry",
      ...{ to: modules.registry.address, value: 0n },
      data: encodeFunctionData({ abi: launchRegistryAbi, functionName: "announce", args: [sale.address] }),
      outcome: { kind: "announced", registry: modules.registry.address, sale: sale.address },
    },
  ];
}

function creation({ artifact, address, call }: Creation, why: string): Step {
  return {
    words: `Create ${artifact.contractName} at ${address}, ${why}`,
    ...{ to: KEYLESS_DEPLOYER, value: 0n, data: call },
    outcome: { kind: "contract", address },
    artifact,
  };
}
