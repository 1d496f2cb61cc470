import type { Address } from "viem";
import { readContract } from "viem/actions";
import type { LaunchDocuments } from "../../sdk/documents/checkDocuments.ts";
import type { SignatureCheck } from "../../sdk/documents/checkSignature.ts";
import type { SaleStats } from "../../sdk/indexerApi.ts";
import type { IndexerClient } from "../../sdk/indexerClient.ts";
import { phaseOf, type Phase } from "../../sdk/phase.ts";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { PageClient } from "../chain/createChain.ts";
import { readTerms, type CreatedTerms } from "../chain/readTerms.ts";
import { readDocuments } from "../watch/readDocuments.ts";

/** One launch of a platform: what the chain says, and who signed what about it. */
export type LaunchShown = {
  sale: Address;
  phase: Phase;
  raised: bigint;
  created: CreatedTerms;
  documents: LaunchDocuments;
};

/** The terms that a launch announced do not hash to what its indexer says, or do not come from this node. */
export type LaunchHidden = { sale: Address; hidden: true };

/**
 * All launches that the indexer follows. It says which there are; phase, money and terms come from the chain, and what was
 * signed about each is checked here. A launch for which that fails is named, and nothing of it shown.
 */
export async function readLaunches(
  client: PageClient,
  {
    indexer,
    isSigned,
    chainId,
    platform,
  }: {
    indexer: Pick<IndexerClient, "sales" | "documents">;
    isSigned: SignatureCheck;
    chainId: number;
    platform: Address;
  },
): Promise<(LaunchShown | LaunchHidden)[]> {
  const sales = await indexer.sales();
  return Promise.all(
    sales.map((stats) => readOne(stats).catch((): LaunchHidden => ({ sale: stats.sale, hidden: true }))),
  );

  async function readOne({ sale, termsHash, startBlock }: SaleStats): Promise<LaunchShown | LaunchHidden> {
    const contract = { address: sale, abi: saleAbi } as const;
    const [created, phase, raised] = await Promise.all([
      readTerms(client, { sale, startBlock: BigInt(startBlock) }),
      readContract(client, { ...contract, functionName: "phase" }),
      readContract(client, { ...contract, functionName: "raised" }),
    ]);
    if (created.hash !== termsHash) return { sale, hidden: true };
    const documents = await readDocuments({
      ...{ indexer, isSigned },
      subject: { chainId, sale, termsHash, terms: created.terms, platform },
    });
    return { sale, phase: phaseOf(phase), raised, created, documents };
  }
}

export type LaunchGroup = "open" | "upcoming" | "ended";

/** Which list a launch belongs into. */
export function groupOf(phase: Phase): LaunchGroup {
  if (phase === "open") return "open";
  return phase === "unfunded" || phase === "pending" ? "upcoming" : "ended";
}
