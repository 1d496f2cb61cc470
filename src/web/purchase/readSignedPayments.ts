import {
  domainSeparator,
  keccak256,
  stringToHex,
  zeroAddress,
  type Address,
  type Hex,
  type TypedDataDomain,
} from "viem";
import { readContract } from "viem/actions";
import type { PageClient } from "../chain/createChain.ts";
import type { PathFacts } from "./choosePath.ts";
import { paymentAbi } from "./paymentAbi.ts";

/** How a currency takes its owner's signature for a payment, and the domain that is signed for. */
export type SignedPayments =
  { takes: "nothing" } | { takes: Exclude<PathFacts["takes"], "nothing">; domain: TypedDataDomain };

const RECEIVE_TYPE =
  "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";
const PERMIT_TYPE = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";

/**
 * Asks the token itself. Whatever it does not answer, or answers otherwise than the standards say (as DAI's own kind of
 * permit), counts as not taken: the exact approval that follows then works everywhere.
 */
export async function readSignedPayments(client: PageClient, currency: Address): Promise<SignedPayments> {
  if (currency === zeroAddress) return { takes: "nothing" };
  const token = { address: currency, abi: paymentAbi } as const;
  const or = <T>(read: Promise<T>) => read.catch(() => undefined);
  const [separator, name, version, eip712, receiveType, permitType, nonce] = await Promise.all([
    or(readContract(client, { ...token, functionName: "DOMAIN_SEPARATOR" })),
    or(readContract(client, { ...token, functionName: "name" })),
    or(readContract(client, { ...token, functionName: "version" })),
    or(readContract(client, { ...token, functionName: "eip712Domain" })),
    or(readContract(client, { ...token, functionName: "RECEIVE_WITH_AUTHORIZATION_TYPEHASH" })),
    or(readContract(client, { ...token, functionName: "PERMIT_TYPEHASH" })),
    or(readContract(client, { ...token, functionName: "nonces", args: [currency] })),
  ]);

  const versions = [eip712?.[2], version, "1"].filter((candidate) => candidate !== undefined);
  const domains = versions.map((candidate): TypedDataDomain => ({
    ...{ name: eip712?.[1] ?? name ?? "", version: candidate },
    ...{ chainId: client.chain.id, verifyingContract: currency },
  }));
  const domain = domains.find((candidate) => domainSeparator({ domain: candidate }) === separator);
  if (domain === undefined) return { takes: "nothing" };
  if (receiveType === hashOf(RECEIVE_TYPE)) return { takes: "authorization", domain };
  const isStandard = nonce !== undefined && (permitType === undefined || permitType === hashOf(PERMIT_TYPE));
  return isStandard ? { takes: "permit", domain } : { takes: "nothing" };
}

function hashOf(type: string): Hex {
  return keccak256(stringToHex(type));
}
