import type { Address } from "viem";
import type { IndexerClient } from "../../sdk/indexerClient.ts";
import {
  checkDocuments,
  type DocumentSubject,
  type LaunchDocuments,
} from "../../sdk/documents/checkDocuments.ts";
import type { SignatureCheck } from "../../sdk/documents/checkSignature.ts";
import { parseDocument } from "../../sdk/documents/parseDocument.ts";

/** The documents that the indexer has and that pass here as well; `hidden`: how many do not. */
export async function readDocuments({
  indexer,
  subject,
  isSigned,
}: {
  indexer: { documents: (sale: Address) => Promise<unknown> } | Pick<IndexerClient, "documents">;
  subject: DocumentSubject;
  isSigned: SignatureCheck;
}): Promise<LaunchDocuments & { hidden: number }> {
  const served = Object.values((await indexer.documents(subject.sale)) as object)
    .flat()
    .filter((each: unknown) => typeof each === "object" && each !== null);
  const parsed = served.map(parseDocument);
  const documents = parsed.flatMap((each) => ("document" in each ? [each.document] : []));
  const { refused, ...counted } = await checkDocuments({ documents, subject, isSigned });
  return { ...counted, hidden: refused.length + parsed.length - documents.length };
}
