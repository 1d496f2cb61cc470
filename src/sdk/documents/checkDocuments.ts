import { isAddressEqual, zeroAddress, zeroHash, type Address, type Hex } from "viem";
import type { Problem } from "../problem.ts";
import type { Terms } from "../terms.ts";
import type { SignatureCheck } from "./checkSignature.ts";
import { documentHashOf, type DocumentKind, type SignedDocument } from "./Document.ts";

/** What documents must belong to. */
export type DocumentSubject = {
  chainId: number;
  sale: Address;
  termsHash: Hex;
  terms: {
    payout: Pick<Terms["payout"], "treasury">;
    roles: Pick<Terms["roles"], "owner">;
    document: Terms["document"];
  };
  /** Who signs criteria; without it neither criteria nor reviews count. */
  platform?: Address | undefined;
};

/** The documents of a launch that count. */
export type LaunchDocuments = {
  profile: SignedDocument<"profile"> | null;
  /** From the first on; a signed one covers all before it by its hash of them. */
  updates: readonly SignedDocument<"update">[];
  /** At most one of each reviewer that the criteria name. */
  reviews: readonly SignedDocument<"review">[];
  criteria: SignedDocument<"criteria"> | null;
};

export type RefusedDocument = { document: SignedDocument; problem: Problem };

/** Who may speak as the issuer: both are in the terms and never change there. */
export function issuerRoleOf(
  { payout, roles }: DocumentSubject["terms"],
  signer: Address,
): "treasury" | "owner" | undefined {
  if (isAddressEqual(signer, payout.treasury)) return "treasury";
  return roles.owner !== zeroAddress && isAddressEqual(signer, roles.owner) ? "owner" : undefined;
}

/**
 * Of all documents those that count: of this chain, this sale and these terms, signed by who may. Versions, sequences and
 * reviewers that signed two different things at once count for nothing, so that nobody is shown one and somebody else the
 * other; nor do updates after a gap. Older versions are neither served nor refused.
 */
export async function checkDocuments({
  documents,
  subject,
  isSigned,
}: {
  documents: readonly SignedDocument[];
  subject: DocumentSubject;
  isSigned: SignatureCheck;
}): Promise<LaunchDocuments & { refused: readonly RefusedDocument[] }> {
  const refused: RefusedDocument[] = [];
  const refuse = (document: SignedDocument, code: string, field: string, got: string, wanted: string) => {
    const wayOut = WAYS_OUT[code] ?? "";
    refused.push({ document, problem: { code, field, got, wanted, wayOut } });
    return false;
  };

  const known = documents.filter(isOfSubject);

  const criteria = await newest(ofKind("criteria", isOfPlatform), ({ message }) => message.version);
  const profile = await newest(ofKind("profile", isOfIssuer), ({ message }) => message.version);
  const updates = await chained(ofKind("update", isOfIssuer));
  const reviews: SignedDocument<"review">[] = [];
  const byReviewer = Map.groupBy(ofKind("review", isOfReviewer), ({ signer }) => signer);
  for (const own of byReviewer.values()) {
    const review = await newest(own, ({ message }) => message.issuedAt);
    if (review !== null) reviews.push(review);
  }
  return { profile, updates, reviews, criteria, refused };

  function ofKind<K extends DocumentKind>(kind: K, mayCount: (document: SignedDocument) => boolean) {
    type Wanted = Extract<SignedDocument, { kind: K }>;
    return known.filter((each): each is Wanted => each.kind === kind).filter(mayCount);
  }

  function isOfSubject(document: SignedDocument): boolean {
    const { chainId, sale, termsHash, terms } = subject;
    const { kind, message } = document;
    if (document.chainId !== chainId) {
      return refuse(
        document,
        "document-of-other-chain",
        "chainId",
        String(document.chainId),
        String(chainId),
      );
    }
    if (kind === "criteria") return true;
    if (!isAddressEqual(document.sale, sale)) {
      return refuse(document, "document-of-other-launch", "sale", document.sale, sale);
    }
    if (message.termsHash !== termsHash) {
      return refuse(document, "document-of-other-launch", "message.termsHash", message.termsHash, termsHash);
    }
    const paper = terms.document.hash;
    if (kind !== "update" && message.documentHash !== paper) {
      return refuse(document, "document-of-other-paper", "message.documentHash", message.documentHash, paper);
    }
    return true;
  }

  function isOfIssuer(document: SignedDocument): boolean {
    const { payout, roles } = subject.terms;
    return (
      issuerRoleOf(subject.terms, document.signer) !== undefined ||
      refuse(document, "document-signer", "signer", document.signer, `${payout.treasury} or ${roles.owner}`)
    );
  }

  function isOfPlatform(document: SignedDocument): boolean {
    const { platform } = subject;
    return (
      (platform !== undefined && isAddressEqual(platform, document.signer)) ||
      refuse(
        document,
        "document-signer",
        "signer",
        document.signer,
        platform ?? "nobody: no platform is named",
      )
    );
  }

  function isOfReviewer(document: SignedDocument): boolean {
    const reviewers = criteria?.message.reviewers ?? [];
    return (
      reviewers.includes(document.signer) ||
      refuse(document, "document-signer", "signer", document.signer, "a reviewer whom the criteria name")
    );
  }

  async function signed<One extends SignedDocument>(candidates: readonly One[]): Promise<One[]> {
    const found: One[] = [];
    for (const each of candidates) {
      if (await isSigned(each)) found.push(each);
      else
        refuse(each, "document-signature", "signature", each.signature.slice(0, 20), `one of ${each.signer}`);
    }
    return found;
  }

  /** The one with the highest rank that is signed; none where two different ones have it. */
  async function newest<One extends SignedDocument>(
    candidates: readonly One[],
    rankOf: (document: One) => number,
  ): Promise<One | null> {
    const byRank = Map.groupBy(candidates, rankOf);
    for (const rank of [...byRank.keys()].sort((a, b) => b - a)) {
      const found = await signed(byRank.get(rank) ?? []);
      if (hashesOf(found) > 1) {
        for (const each of found)
          refuse(each, "document-conflict", "message", documentHashOf(each), "one only");
        return null;
      }
      if (found[0] !== undefined) return found[0];
    }
    return null;
  }

  /** From the first on up to the last that is signed, as far as nothing else that is signed leads elsewhere. */
  async function chained(candidates: readonly SignedDocument<"update">[]) {
    const byHash = new Map(candidates.map((each) => [documentHashOf(each), each]));
    const lines: (readonly SignedDocument<"update">[])[] = [];
    const covered = new Set<Hex>();
    for (const each of candidates.toSorted((a, b) => b.message.sequence - a.message.sequence)) {
      if (covered.has(documentHashOf(each))) continue;
      const line = lineOf(each, byHash);
      if (line === undefined) {
        const { sequence, previous } = each.message;
        refuse(each, "document-not-chained", "message.previous", previous, `update ${String(sequence - 1)}`);
      } else if ((await signed([each])).length > 0) {
        lines.push(line);
        for (const before of line) covered.add(documentHashOf(before));
      }
    }
    const [longest = []] = lines;
    const chain = longest.filter((each, at) =>
      lines.every((line) => line[at] !== undefined && hashesOf([line[at], each]) === 1),
    );
    for (const each of new Set(lines.flatMap((line) => line.slice(chain.length)))) {
      refuse(each, "document-conflict", "message", documentHashOf(each), "one only");
    }
    return chain;
  }
}

/** All from the first up to this one; undefined where one is missing. */
function lineOf(
  update: SignedDocument<"update">,
  byHash: ReadonlyMap<Hex, SignedDocument<"update">>,
): readonly SignedDocument<"update">[] | undefined {
  const line = [update];
  for (let first = update; first.message.sequence > 1;) {
    const before = byHash.get(first.message.previous);
    if (before?.message.sequence !== first.message.sequence - 1) return undefined;
    line.unshift(before);
    first = before;
  }
  return line[0]?.message.sequence === 1 && line[0].message.previous === zeroHash ? line : undefined;
}

function hashesOf(documents: readonly SignedDocument[]): number {
  return new Set(documents.map(documentHashOf)).size;
}

const WAYS_OUT: Record<string, string> = {
  "document-of-other-chain": "Serve it with the indexer of its own chain.",
  "document-of-other-launch": "Sign a document for this sale and these terms.",
  "document-of-other-paper": "Sign it for the white paper of the terms.",
  "document-signer": "Have it signed by who may: the issuer by treasury or owner, a platform, its reviewers.",
  "document-signature":
    "Sign it again, and do not edit it afterwards; a contract wallet must still accept it.",
  "document-conflict":
    "Remove the one that should not be; then sign a newer one, so that it is clear to everybody.",
  "document-not-chained": "Add the one that it follows on, or sign it again with `launch update`.",
};
