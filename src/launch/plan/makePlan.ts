import { erc20Abi, keccak256, zeroAddress, type Address, type PublicClient } from "viem";
import { chainParameters } from "../../../deploy/chains.ts";
import { deploymentOf } from "../../../deploy/deploymentOf.ts";
import { launchSteps } from "../../../deploy/launchSteps.ts";
import type { Launch } from "../../sdk/launchFile/Launch.ts";
import { policyHash } from "../../sdk/policy.ts";
import { canonicalOn } from "../canonicalOn.ts";
import { launchError } from "../launchErrors.ts";
import { requireCanonical } from "../requireCanonical.ts";
import { planHash, type Beneath, type Plan, type PlannedTransaction } from "./Plan.ts";
import { powersOf } from "./powersOf.ts";
import { raiseScenarios } from "./raiseScenarios.ts";
import { simulate } from "./simulate.ts";
import { warningsOf } from "./warningsOf.ts";

/**
 * What deploying the launch would do, found by doing it on a chain of its own. Throws `wrong-chain`, `code-missing`,
 * `code-differs`, `currency-differs`, `module-not-canonical`, `step-fails` or the contract's own error.
 */
export async function makePlan({
  launch,
  file,
  sender,
  chain,
}: {
  launch: Launch;
  /** Remembered in the plan. */
  file: string;
  sender: Address;
  /** In process, or a fork of the network: the plan is carried out on it. */
  chain: PublicClient;
}): Promise<Plan> {
  const chainId = await chain.getChainId();
  if (chainId !== launch.chainId) {
    throw launchError("wrong-chain", `the launch file names ${launch.chainId}, this is ${chainId}`);
  }
  const { terms, termsHash, sale, token } = deploymentOf(launch);
  requireCanonical(terms, canonicalOn(chainId));

  const { timestamp } = await chain.getBlock();
  const before = await chain.getBalance({ address: sender });
  const codeless = await withoutCode(chain, [...Object.values(launch.roles), launch.payout.treasury]);
  const transactions = await simulate({ chain, steps: launchSteps(launch), sender }).catch(
    async (cause: unknown) => {
      // A sale does not come to be on contracts that are not there: that is what is wrong, then.
      await readBeneath(chain, launch, []);
      throw cause;
    },
  );
  const beneath = await readBeneath(chain, launch, transactions);
  await requireDecimals(chain, launch);

  const sent = transactions.reduce((sum, { cost, value, done }) => sum + cost + (done ? 0n : value), 0n);
  const balance = { before, after: before - sent };
  return {
    hash: planHash({ chainId, sender, beneath, transactions }),
    ...{ chainId, sender, file, sale: sale.address, token, termsHash, policyHash: policyHash(launch.policy) },
    ...{ transactions, beneath, balance },
    scenarios: raiseScenarios(launch),
    powers: powersOf(launch),
    warnings: warningsOf({ launch, now: timestamp, balance, codeless }),
  };
}

async function withoutCode(chain: PublicClient, of: readonly unknown[]): Promise<Address[]> {
  const addresses = of.filter((one): one is Address => typeof one === "string" && one !== zeroAddress);
  const codes = await Promise.all(addresses.map((address) => chain.getCode({ address })));
  return addresses.filter((_, index) => codes[index] === undefined);
}

/** Contracts of others that must be there: those of the chain, the currency, a token that exists. */
async function readBeneath(
  chain: PublicClient,
  launch: Launch,
  transactions: readonly PlannedTransaction[],
): Promise<Beneath[]> {
  const { terms } = deploymentOf(launch);
  const created = new Set(
    transactions.map(({ postcondition }) =>
      postcondition.kind === "contract" ? postcondition.address.toLowerCase() : "",
    ),
  );
  const others = addressesIn(chainParameters(launch.chainId));
  const dex = launch.listing.venue.replace(/-v/, "V"); // as deploy/chains.ts names it
  const named: [name: string, address: Address][] = [
    ...others.filter(([name]) => name.startsWith(`${dex}.`)),
    ["sale.currency", terms.sale.currency],
    ["token.existing", terms.token.existing],
  ];

  const beneath: Beneath[] = [];
  for (const [name, address] of named) {
    if (address === zeroAddress || created.has(address.toLowerCase())) continue;
    const code = await chain.getCode({ address });
    if (code === undefined) throw launchError("code-missing", `${name} is ${address}`);
    beneath.push({ name, address, codeHash: keccak256(code) });
  }
  return beneath;
}

function addressesIn(value: object, prefix = ""): [name: string, address: Address][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): [string, Address][] => {
    if (typeof inner === "object" && inner !== null) return addressesIn(inner, `${prefix}${key}.`);
    return typeof inner === "string" && /^0x[0-9a-fA-F]{40}$/.test(inner)
      ? [[`${prefix}${key}`, inner as Address]]
      : [];
  });
}

/** An amount parsed with other decimals than the token's own would be wrong by powers of ten. */
async function requireDecimals(chain: PublicClient, launch: Launch): Promise<void> {
  const { terms } = deploymentOf(launch);
  const tokens: [field: string, address: Address, wanted: number][] = [
    ["sale.currency", terms.sale.currency, launch.currency.decimals],
    ["token.existing", terms.token.existing, launch.token.decimals],
  ];
  for (const [field, address, wanted] of tokens) {
    if (address === zeroAddress) continue;
    const got = await chain
      .readContract({ address, abi: erc20Abi, functionName: "decimals" })
      .catch(() => "no answer");
    if (got !== wanted) {
      throw launchError(
        "currency-differs",
        `${field} ${address} has ${got} decimals, the launch file says ${wanted}`,
      );
    }
  }
}
