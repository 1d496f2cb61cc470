import {
  BaseError,
  encodeFunctionData,
  HttpRequestError,
  isAddressEqual,
  parseAbi,
  recoverAddress,
  TimeoutError,
  type Address,
  type Client,
  type Hex,
} from "viem";
import { call } from "viem/actions";
import { documentHashOf, type SignedDocument } from "./Document.ts";

/** Whether the one whom a document names has signed it: by key, or as its contract on this chain says now (ERC-1271). */
export type SignatureCheck = (document: SignedDocument) => Promise<boolean>;

/** What a contract answers; undefined where it refuses. Throws where no node answers: then nothing is known. */
export type ContractCall = (to: Address, data: Hex) => Promise<Hex | undefined>;

const erc1271Abi = parseAbi([
  "function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)",
]);
/** The answer that means yes, as a word. */
const YES = `0x1626ba7e${"0".repeat(56)}`;

/** Asks the chain only where no key of the signer's own address signed. */
export function createSignatureCheck(ask: ContractCall): SignatureCheck {
  return async (document) => {
    const { signer, signature } = document;
    const hash = documentHashOf(document);
    const key = await recoverAddress({ hash, signature }).catch(() => undefined);
    if (key !== undefined && isAddressEqual(key, signer)) return true;
    const args = [hash, signature] as const;
    const data = encodeFunctionData({ abi: erc1271Abi, functionName: "isValidSignature", args });
    return (await ask(signer, data))?.slice(0, YES.length) === YES;
  };
}

/** By a viem client: whatever a node answers is an answer. */
export function contractCallOf(client: Client): ContractCall {
  return async (to, data) => {
    try {
      return (await call(client, { to, data })).data;
    } catch (error) {
      const isSilence = (cause: unknown) =>
        cause instanceof HttpRequestError || cause instanceof TimeoutError;
      if (error instanceof BaseError && error.walk(isSilence) === null) return undefined;
      throw error;
    }
  };
}
