import { zeroAddress, type Address, type Hex } from "viem";
import { getContractEvents, readContract } from "viem/actions";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import { termsHash, type Terms } from "../../sdk/terms.ts";
import { pageError } from "../errors/pageErrors.ts";
import type { PageClient } from "./createChain.ts";
import { erc20Abi } from "./erc20Abi.ts";

/** The terms that the sale announced at its creation, and what follows from them. They never change. */
export type CreatedTerms = {
  terms: Terms;
  /** Computed here from the terms, not read. */
  hash: Hex;
  token: Address;
  /** As the currency itself answers; 18 for ether. */
  currencyDecimals: number;
};

/** Reads the sale's one `Created` event; throws `sale-not-found` where there is none. */
export async function readTerms(
  client: PageClient,
  { sale, startBlock }: { sale: Address; startBlock: bigint },
): Promise<CreatedTerms> {
  const events = await getContractEvents(client, {
    ...{ address: sale, abi: saleAbi, eventName: "Created", strict: true },
    // One block is asked for, which every node serves.
    ...{ fromBlock: startBlock, toBlock: startBlock },
  });
  const created = events[0]?.args;
  if (created === undefined) throw pageError("sale-not-found", { detail: sale });

  const terms: Terms = created.terms;
  const currency = terms.sale.currency;
  const currencyDecimals =
    currency === zeroAddress
      ? 18
      : await readContract(client, { address: currency, abi: erc20Abi, functionName: "decimals" });
  return { terms, hash: termsHash(terms), token: created.token, currencyDecimals };
}
