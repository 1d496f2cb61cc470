import { decodeEventLog, encodeEventTopics, zeroAddress, type Address, type Hex } from "viem";
import { contractArtifact } from "../../../deploy/artifacts.ts";
import { canonicalModules } from "../../../deploy/canonical.ts";
import { chainParameters } from "../../../deploy/chains.ts";
import { codeMatches } from "../../../deploy/codeMatches.ts";
import { namedContracts, oursAt } from "../../../deploy/namedContracts.ts";
import { saleCreation } from "../../../deploy/saleCreation.ts";
import { saleAbi } from "../../sdk/abi/Sale.ts";
import { termsHash, type Terms } from "../../sdk/terms.ts";
import type { Reader } from "./createReader.ts";
import type { Checks } from "./Verification.ts";

/** `token` is zero until it is born, in a listing on v3. */
export type Authentic = { terms: Terms; termsHash: Hex; token: Address; startBlock: number };

/**
 * Whether the sale is Slipway's own code at the address that its code and its terms give, and so are the modules that its
 * terms name. Undefined where it is not: then its events are worth nothing.
 */
export async function checkCode({
  reader,
  checks,
  chainId,
  sale,
}: {
  reader: Reader;
  checks: Checks;
  chainId: number;
  sale: Address;
}): Promise<Authentic | undefined> {
  const artifact = contractArtifact("Sale.sol/Sale");
  if (!checks.same("code of the sale", codeWord(artifact, await reader.code(sale)), "Slipway's Sale"))
    return undefined;

  const [topic] = encodeEventTopics({ abi: saleAbi, eventName: "Created" });
  const [log] = await reader.logs(sale, [topic]);
  if (
    !checks.same("the sale told its terms when it was created", log !== undefined, true) ||
    log === undefined
  ) {
    return undefined;
  }
  const { args } = decodeEventLog({
    ...{ abi: saleAbi, eventName: "Created", data: log.data },
    topics: log.topics as [Hex, ...Hex[]],
  });
  const terms: Terms = args.terms;
  const created = saleCreation(terms);
  const hash = termsHash(terms);
  const isOurs = [
    checks.same("address of the sale, from its code and terms", sale, created.sale.address),
    checks.same("chain of the terms", terms.chainId, chainId),
    checks.same("hash of the terms, as the sale says", await reader.read(sale, saleAbi, "termsHash"), hash),
    ...(await checkModules()),
  ];
  // On v3 the token is born in the listing: until then there is none, and its address follows from a salt.
  const { venueV3 } = canonicalModules(chainParameters(chainId));
  const isBornLater = terms.listing.venue.toLowerCase() === venueV3.address.toLowerCase();
  const token = await reader.read<Address>(sale, saleAbi, "token");
  if (!isBornLater) isOurs.push(checks.same("token, as the sale says", token, created.token));
  if (terms.token.existing === zeroAddress && token !== zeroAddress) {
    const word = codeWord(contractArtifact("LaunchToken.sol/LaunchToken"), await reader.code(token));
    isOurs.push(checks.same("code of the token", word, "Slipway's LaunchToken"));
  }
  if (isOurs.includes(false)) return undefined;
  return { terms, termsHash: hash, token, startBlock: Number(log.blockNumber) };

  async function checkModules(): Promise<boolean[]> {
    const results: boolean[] = [];
    for (const named of namedContracts({ sale, terms })) {
      const { name, address } = named;
      if (name === "sale") continue;
      const own = oursAt(named);
      results.push(checks.same(`${name} is canonical`, own !== undefined, true));
      if (own === undefined) continue;
      const word = codeWord(own.artifact, await reader.code(address));
      results.push(checks.same(`code of the ${name}`, word, `Slipway's ${own.artifact.contractName}`));
    }
    return results;
  }
}

function codeWord(artifact: Parameters<typeof codeMatches>[0] & { contractName: string }, code: Hex): string {
  if (code === "0x") return "nothing";
  return codeMatches(artifact, code) ? `Slipway's ${artifact.contractName}` : "other code";
}
