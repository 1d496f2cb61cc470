import type { LocalAccount } from "viem";
import { documentTypedData, type Document, type SignedDocument } from "./Document.ts";

/** The document with its signature; a multisig signs `documentTypedData` in its own app. */
export async function signDocument(
  document: Document,
  account: Pick<LocalAccount, "address" | "signTypedData">,
): Promise<SignedDocument> {
  const signature = await account.signTypedData(documentTypedData(document));
  return { ...document, signer: account.address, signature };
}
