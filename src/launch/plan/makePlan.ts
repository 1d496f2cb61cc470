import { zeroAddress, type Address, type PublicClient } from "viem";
import { deploymentOf } from "../../../deploy/deploymentOf.ts";
import { launchSteps } from "../../../deploy/launchSteps.ts";
import type { Launch } from "../../sdk/launchFile/Launch.ts";
import { policyHash } from "../../sdk/policy.ts";
import { canonicalOn } from "../canonicalOn.ts";
import { launchError } from "../launchErrors.ts";
import { requireCanonical } from "../requireCanonical.ts";
import { checkBeneath } from "./checkBeneath.ts";
import { planHash, type Plan } from "./Plan.ts";
import { powersOf } from "./powersOf.ts";
import { raiseScenarios } from "./raiseScenarios.ts";
import { simulate } from "./simulate.ts";
import { warningsOf } from "./warningsOf.ts";

/**
 * What deploying the launch would do, found by doing it on a chain of its own. Throws `wrong-chain`, `code-missing`,
 * `code-differs`, `currency-differs`, `currency-unfit`, `payee-refuses`, `module-not-canonical`, `step-fails` or the contract's own error.
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
      await checkBeneath({ chain, launch, sender, created: new Set() });
      throw cause;
    },
  );
  const created = new Set(
    transactions.map(({ postcondition }) =>
      postcondition.kind === "contract" ? postcondition.address.toLowerCase() : "",
    ),
  );
  const beneath = await checkBeneath({ chain, launch, sender, created });

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
