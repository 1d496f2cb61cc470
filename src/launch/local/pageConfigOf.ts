import type { Address, Hex } from "viem";
import type { Launch } from "../../sdk/launchFile/Launch.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";

export type Urls = { chain: string; page: string; signer: string; indexer: string };
/** Built into the page of a local chain: its key is known to everybody. */
export type Persona = { name: string; address: Address; privateKey: Hex; note: string };

/** What a page on this machine is told: which sale it shows, where its services are, and whose wallets are built in. */
export function pageConfigOf({
  record,
  currency,
  allocations,
  urls,
  personas,
}: {
  record: LaunchRecord;
  currency: Pick<Launch["currency"], "symbol" | "decimals">;
  allocations: Launch["vesting"]["allocations"];
  urls: Urls;
  personas: readonly Persona[];
}): object {
  const { name, symbol, decimals } = record.terms.token;
  return {
    ...{ chainId: record.chainId, sale: record.sale, termsHash: record.termsHash },
    ...{ rpcUrl: urls.chain, signerUrl: urls.signer, indexerUrl: urls.indexer },
    ...{ startBlock: record.startBlock, local: true },
    launch: { name, symbol, decimals, currencySymbol: currency.symbol, currencyDecimals: currency.decimals },
    ...{ allocations, personas },
  };
}
