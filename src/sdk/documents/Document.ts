import { hashTypedData, type Address, type Hex } from "viem";

/** One language's version; plain text everywhere, never HTML or Markdown. */
export type DocumentText = {
  /** BCP 47: "en", "zh-Hant". */
  language: string;
  title: string;
  body: string;
};

/** What the project says of itself; signed by the issuer. The highest `version` counts. */
export type Profile = {
  termsHash: Hex;
  version: number;
  /** Seconds since 1970, as the signer says. */
  issuedAt: number;
  texts: readonly DocumentText[];
  team: readonly { name: string; role: string }[];
  links: readonly { label: string; uri: string }[];
  /** Of the white paper, as in the terms. */
  documentHash: Hex;
};

/** The issuer's news; `previous` is the hash of the one before, so that none can be left out or changed afterwards. */
export type Update = {
  termsHash: Hex;
  /** 1, 2, 3, … */
  sequence: number;
  /** Zero for the first. */
  previous: Hex;
  issuedAt: number;
  texts: readonly DocumentText[];
};

/** What a reviewer found out about exactly these terms and this white paper; of one reviewer the latest counts. */
export type Review = {
  termsHash: Hex;
  documentHash: Hex;
  issuedAt: number;
  texts: readonly DocumentText[];
};

/** By what a platform takes launches, and whose reviews it shows. Of no sale; the highest `version` counts. */
export type Criteria = {
  version: number;
  issuedAt: number;
  texts: readonly DocumentText[];
  reviewers: readonly Address[];
};

type Messages = { profile: Profile; update: Update; review: Review; criteria: Criteria };
export type DocumentKind = keyof Messages;
/** A document about a launch. */
export type LaunchDocumentKind = Exclude<DocumentKind, "criteria">;

/** What is signed: a message, for one chain and, unless it is the platform's, one sale. */
export type Document<Kind extends DocumentKind = DocumentKind> = {
  [K in DocumentKind]: { kind: K; chainId: number; message: Messages[K] } & (K extends "criteria"
    ? { sale?: undefined }
    : { sale: Address });
}[Kind];

/** As it stands in its file, and as the indexer serves it. */
export type SignedDocument<Kind extends DocumentKind = DocumentKind> = Document<Kind> & {
  signer: Address;
  signature: Hex;
};

const text = { name: "texts", type: "Text[]" } as const;
const issuedAt = { name: "issuedAt", type: "uint48" } as const;
const termsHash = { name: "termsHash", type: "bytes32" } as const;
const documentHash = { name: "documentHash", type: "bytes32" } as const;
const version = { name: "version", type: "uint32" } as const;

/** EIP-712 types of the documents; the order of fields is part of the hash. */
export const documentTypes = {
  Text: [
    { name: "language", type: "string" },
    { name: "title", type: "string" },
    { name: "body", type: "string" },
  ],
  Person: [
    { name: "name", type: "string" },
    { name: "role", type: "string" },
  ],
  Link: [
    { name: "label", type: "string" },
    { name: "uri", type: "string" },
  ],
  Profile: [
    ...[termsHash, version, issuedAt, text],
    { name: "team", type: "Person[]" },
    { name: "links", type: "Link[]" },
    documentHash,
  ],
  Update: [
    termsHash,
    { name: "sequence", type: "uint32" },
    { name: "previous", type: "bytes32" },
    ...[issuedAt, text],
  ],
  Review: [termsHash, documentHash, issuedAt, text],
  Criteria: [version, issuedAt, text, { name: "reviewers", type: "address[]" }],
} as const;

export const primaryTypes = {
  profile: "Profile",
  update: "Update",
  review: "Review",
  criteria: "Criteria",
} as const satisfies Record<DocumentKind, keyof typeof documentTypes>;

/** Structs that each kind has inside; wallets refuse types that are not used. */
const innerTypes = {
  profile: ["Text", "Person", "Link"],
  update: ["Text"],
  review: ["Text"],
  criteria: ["Text"],
} as const;

/** What a wallet signs: domain, types and message. */
export function documentTypedData({ kind, chainId, sale, message }: Document) {
  const primaryType = primaryTypes[kind];
  return {
    domain: {
      ...{ name: "Slipway Document", version: "1", chainId },
      ...(sale === undefined ? {} : { verifyingContract: sale }),
    },
    types: Object.fromEntries(
      [primaryType, ...innerTypes[kind]].map((name) => [name, documentTypes[name]]),
    ) as Record<string, readonly { name: string; type: string }[]>,
    primaryType: primaryType as string,
    message: message as Record<string, unknown>,
  };
}

/** The digest that is signed: the document's name, other than that of any document of another sale or chain. */
export function documentHashOf(document: Document): Hex {
  return hashTypedData(documentTypedData(document));
}

/** The text in this language, else in a kindred one, else the first. */
export function textIn(texts: readonly DocumentText[], language: string): DocumentText | undefined {
  const baseOf = (tag: string): string | undefined => tag.split("-")[0];
  return (
    texts.find((text) => text.language === language) ??
    texts.find((text) => baseOf(text.language) === baseOf(language)) ??
    texts[0]
  );
}
