import { zeroHash, type Address, type Hex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import type { DocumentSubject } from "../../src/sdk/documents/checkDocuments.ts";
import {
  documentHashOf,
  type Criteria,
  type Profile,
  type Review,
  type SignedDocument,
  type Update,
} from "../../src/sdk/documents/Document.ts";
import { signDocument } from "../../src/sdk/documents/signDocument.ts";

/** Hardhat's published accounts. */
const account = (addressIndex: number) =>
  mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex });

/** Who signs in tests. */
export const people = {
  ...{ owner: account(1), treasury: account(7), platform: account(12) },
  ...{ reviewer: account(13), stranger: account(14) },
} as const;
export type Person = (typeof people)[keyof typeof people];

/** 1 January 2026. */
const ISSUED = 1_767_225_600;

export type DocumentDesk = ReturnType<typeof documentDesk>;

/** Makes documents of one launch, each as it should be unless it is changed. */
export function documentDesk({ chainId, sale, termsHash, terms }: Omit<DocumentSubject, "platform">) {
  const place = { chainId, sale };
  const documentHash = terms.document.hash;
  const textOf = (title: string, body = "Some words.\nMore words.") => [{ language: "en", title, body }];
  return {
    profile: (change: Partial<Profile> = {}, by: Person = people.treasury) => {
      const links = [{ label: "Site", uri: "https://example.org/" }];
      const team = [{ name: "Ada", role: "Engineer" }];
      const texts = textOf("Acme");
      const message = {
        termsHash,
        version: 1,
        issuedAt: ISSUED,
        texts,
        team,
        links,
        documentHash,
        ...change,
      };
      return signDocument({ kind: "profile", ...place, message }, by) as Promise<SignedDocument<"profile">>;
    },
    update: (before?: SignedDocument<"update">, change: Partial<Update> = {}, by: Person = people.owner) => {
      const sequence = (before?.message.sequence ?? 0) + 1;
      const previous: Hex = before === undefined ? zeroHash : documentHashOf(before);
      const texts = textOf(`News ${String(sequence)}`);
      const message = { termsHash, sequence, previous, issuedAt: ISSUED + sequence, texts, ...change };
      return signDocument({ kind: "update", ...place, message }, by) as Promise<SignedDocument<"update">>;
    },
    review: (change: Partial<Review> = {}, by: Person = people.reviewer) => {
      const message = {
        termsHash,
        documentHash,
        issuedAt: ISSUED,
        texts: textOf("No problems found"),
        ...change,
      };
      return signDocument({ kind: "review", ...place, message }, by) as Promise<SignedDocument<"review">>;
    },
    criteria: (change: Partial<Criteria> = {}, by: Person = people.platform) => {
      const reviewers: Address[] = [people.reviewer.address];
      const message = {
        version: 1,
        issuedAt: ISSUED,
        texts: textOf("What we ask for"),
        reviewers,
        ...change,
      };
      return signDocument({ kind: "criteria", chainId, message }, by) as Promise<SignedDocument<"criteria">>;
    },
  };
}
