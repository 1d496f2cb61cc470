import { getContractAddress, zeroAddress, type Address } from "viem";
import { termsHash, type Terms } from "../src/sdk/terms.ts";
import { contractArtifact } from "./artifacts.ts";
import { creationOf, type Creation } from "./creation.ts";

/** The sale with these terms, whose hash is its salt, and the token it sells. */
export function saleCreation(terms: Terms): { sale: Creation; token: Address } {
  const sale = creationOf(contractArtifact("Sale.sol/Sale"), [terms], termsHash(terms));
  const { existing } = terms.token;
  // A LaunchToken is the first thing that the sale creates.
  const token = existing === zeroAddress ? getContractAddress({ from: sale.address, nonce: 1n }) : existing;
  return { sale, token };
}
