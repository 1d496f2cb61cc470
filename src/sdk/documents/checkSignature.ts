import { isAddressEqual, recoverAddress, type Client } from "viem";
import { verifyHash } from "viem/actions";
import { documentHashOf, type SignedDocument } from "./Document.ts";

/** Whether the one whom a document names has signed it: by key, or as its contract on this chain says now (ERC-1271). */
export type SignatureCheck = (document: SignedDocument) => Promise<boolean>;

/** Asks the chain only where no key of the signer's own address signed; throws what the client throws. */
export function createSignatureCheck(client: Client): SignatureCheck {
  return async (document) => {
    const { signer: address, signature } = document;
    const hash = documentHashOf(document);
    const key = await recoverAddress({ hash, signature }).catch(() => undefined);
    if (key !== undefined && isAddressEqual(key, address)) return true;
    return verifyHash(client, { address, hash, signature });
  };
}
