import { Trans } from "@lingui/react/macro";
import { issuerRoleOf, type DocumentSubject } from "../../sdk/documents/checkDocuments.ts";
import type { SignedDocument } from "../../sdk/documents/Document.ts";
import { formatTime } from "../text/formatTime.ts";
import { shortHex } from "../text/shortHex.ts";

/** Who signed a document, and when they say they did. */
export function SignedBy({
  document: { signer, message },
  terms,
}: {
  document: SignedDocument;
  terms: DocumentSubject["terms"];
}) {
  const who = <code title={signer}>{shortHex(signer)}</code>;
  const when = formatTime(BigInt(message.issuedAt));
  const role = issuerRoleOf(terms, signer);
  return (
    <p className="quiet">
      {role === "treasury" && (
        <Trans>
          Signed by the treasury {who}, dated {when}
        </Trans>
      )}
      {role === "owner" && (
        <Trans>
          Signed by the owner {who}, dated {when}
        </Trans>
      )}
      {role === undefined && (
        <Trans>
          Signed by {who}, dated {when}
        </Trans>
      )}
    </p>
  );
}
