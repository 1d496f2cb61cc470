import { isAddressEqual, zeroAddress, type Address } from "viem";
import { readContract } from "viem/actions";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import type { IndexerClient } from "../../sdk/indexerClient.ts";
import type { PageClient } from "../chain/createChain.ts";

/** A signer that was ever admitted, with its bounds; as the chain has it now. */
export type SignerBounds = { address: Address; maxCap: bigint; isStruckOff: boolean };

const STRUCK_OFF = 2;

/** The first signer, and those that the owner admitted later: who they are the indexer knows, what they may the chain. */
export async function readSigners(
  client: PageClient,
  { sale, first, indexer }: { sale: Address; first: Address; indexer: Pick<IndexerClient, "log"> },
): Promise<SignerBounds[]> {
  // Without the indexer the first one is shown, as before.
  const later = await indexer.log(sale, { contract: "sale", name: "SignerAdded" }).catch(() => undefined);
  const addresses = [first, ...(later?.events ?? []).map(({ args }) => args["signer"] as Address)].filter(
    (address, index, all) =>
      address !== zeroAddress && all.findIndex((other) => isAddressEqual(other, address)) === index,
  );
  return Promise.all(
    addresses.map(async (address) => {
      const [status, maxCap] = await readContract(client, {
        ...{ address: sale, abi: saleAbi, functionName: "signerOf", args: [address] },
      } as const);
      return { address, maxCap, isStruckOff: status === STRUCK_OFF };
    }),
  );
}
