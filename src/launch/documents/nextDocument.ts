import { zeroAddress, zeroHash, type Address } from "viem";
import { checkDocuments, type DocumentSubject } from "../../sdk/documents/checkDocuments.ts";
import type { SignatureCheck } from "../../sdk/documents/checkSignature.ts";
import {
  documentHashOf,
  type Document,
  type DocumentKind,
  type SignedDocument,
} from "../../sdk/documents/Document.ts";
import { parseDocument } from "../../sdk/documents/parseDocument.ts";
import type { Problem } from "../../sdk/problem.ts";
import { launchError } from "../launchErrors.ts";

export type NextDocument = {
  kind: DocumentKind;
  /** As its author wrote it: texts, and what else its kind has of its own. */
  draft: unknown;
  /** What there is so far. */
  existing: readonly SignedDocument[];
  signer: Address;
  /** Seconds. */
  issuedAt: number;
  isSigned: SignatureCheck;
} & (
  | { kind: "criteria"; chainId: number }
  | { kind: Exclude<DocumentKind, "criteria">; subject: DocumentSubject }
);

/**
 * What a draft becomes: the next version, or the update that follows on the last, for this launch. Throws
 * `document-refused` where it would not be shown, or where what there is so far is in disorder.
 */
export async function nextDocument({
  draft,
  existing,
  signer,
  issuedAt,
  isSigned,
  ...target
}: NextDocument): Promise<Document> {
  const own = withLines(draft);
  const siblings = existing.filter(
    ({ chainId, sale }) =>
      target.kind === "criteria" ||
      (chainId === target.subject.chainId && sale?.toLowerCase() === target.subject.sale.toLowerCase()),
  );
  const count = (kind: "profile" | "criteria"): number =>
    1 + Math.max(0, ...siblings.map((each) => (each.kind === kind ? each.message.version : 0)));

  let unsigned: object;
  if (target.kind === "criteria") {
    const message = { ...own, version: count("criteria"), issuedAt };
    unsigned = { kind: target.kind, chainId: target.chainId, message };
  } else {
    const { kind, subject } = target;
    const { chainId, sale, termsHash, terms } = subject;
    const documentHash = terms.document.hash;
    const message = {
      profile: () => ({
        team: [],
        links: [],
        ...own,
        termsHash,
        version: count("profile"),
        issuedAt,
        documentHash,
      }),
      review: () => ({ ...own, termsHash, documentHash, issuedAt }),
      update: async () => ({ ...own, termsHash, issuedAt, ...(await placeOfNext()) }),
    }[kind];
    unsigned = { kind, chainId, sale, message: await message() };

    async function placeOfNext() {
      const documents = siblings.filter((each) => each.kind === "update");
      const { updates, refused } = await checkDocuments({ documents, subject, isSigned });
      // An update that follows on another one than readers have would be a fork for good.
      if (refused.length > 0) throw refusal(refused.map(({ problem }) => problem));
      const last = updates.at(-1);
      return { sequence: updates.length + 1, previous: last === undefined ? zeroHash : documentHashOf(last) };
    }
  }

  const parsed = parseDocument({ ...unsigned, signer, signature: "0x" });
  if ("problems" in parsed) {
    const wayOut = "Correct the draft.";
    throw refusal(parsed.problems.map((problem) => ({ ...problem, wayOut })));
  }
  const { signer: _, signature: __, ...document } = parsed.document;
  return document;
}

/** Throws `document-refused` unless readers are shown it beside what there is; whose reviews those are is the platform's. */
export async function requireShown(
  document: SignedDocument,
  {
    subject,
    existing,
    isSigned,
  }: Pick<NextDocument, "existing" | "isSigned"> & { subject?: DocumentSubject | undefined },
): Promise<void> {
  const { refused } = await checkDocuments({
    documents: [...existing.filter(({ kind }) => kind === document.kind), document],
    subject: {
      ...(subject ?? NO_SALE),
      chainId: document.chainId,
      ...(document.kind === "criteria" ? { platform: document.signer } : {}),
    },
    isSigned,
  });
  const own = refused.filter((each) => each.document === document).map(({ problem }) => problem);
  const unnamed = document.kind === "review" && (await isSigned(document));
  if (own.length > 0 && !(unnamed && own.every(({ code }) => code === "document-signer"))) throw refusal(own);
}

/** Criteria are of no sale. */
const NO_SALE: DocumentSubject = {
  ...{ chainId: 0, sale: zeroAddress, termsHash: zeroHash },
  terms: {
    payout: { treasury: zeroAddress },
    roles: { owner: zeroAddress },
    document: { hash: zeroHash, uri: "" },
  },
};

/** A body may be written as a list of lines. */
function withLines(draft: unknown): Record<string, unknown> {
  if (typeof draft !== "object" || draft === null) throw launchError("draft-unreadable", "not an object");
  const { texts, ...rest } = draft as Record<string, unknown>;
  if (!Array.isArray(texts)) throw launchError("draft-unreadable", "without texts");
  return {
    ...rest,
    texts: texts.map((text: unknown) => {
      const { body } = (text ?? {}) as { body?: unknown };
      return Array.isArray(body) ? { ...(text as object), body: body.join("\n") } : text;
    }),
  };
}

function refusal(problems: readonly Problem[]) {
  return launchError("document-refused", problems.map(({ field }) => field).join(", "), { problems });
}
