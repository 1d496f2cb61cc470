import { getAddress, isAddress, isHex, type Hex } from "viem";
import type { Problem } from "../problem.ts";
import { documentTypes, primaryTypes, type DocumentKind, type SignedDocument } from "./Document.ts";

/** Most characters of a text, most items of a list. */
const MOST: Record<string, number> = {
  ...{ language: 35, title: 200, body: 20_000, name: 100, role: 200, label: 100, uri: 500 },
  ...{ texts: 12, team: 50, links: 20, reviewers: 50 },
};
/** Of a contract wallet with many owners. */
const LONGEST_SIGNATURE = 8_192;
/** End of the year 9999, in seconds: what a calendar can show. */
const LATEST = 253_402_300_799;
/** Characters of a file: more holds no document. */
const LONGEST_FILE = 2_000_000;

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufffe\uffff]/;

export type ParsedDocument = { document: SignedDocument } | { problems: readonly Problem[] };

/** As `parseDocument`, of a file's text. */
export function parseDocumentFile(text: string): ParsedDocument {
  try {
    return parseDocument(text.length > LONGEST_FILE ? undefined : JSON.parse(text));
  } catch {
    return parseDocument(undefined);
  }
}

/** Takes a document from outside apart; nothing but what is signed is in what it answers. Signer and signature: unchecked. */
export function parseDocument(value: unknown): ParsedDocument {
  const problems: Problem[] = [];
  const wrong = (field: string, got: unknown, wanted: string): unknown => {
    const shown = got === undefined ? "nothing" : JSON.stringify(got).slice(0, 100);
    const wayOut = "Make the document with `npx hardhat launch` again, and do not edit it afterwards.";
    problems.push({ code: "document-malformed", field, got: shown, wanted, wayOut });
    return undefined;
  };

  const root = objectOf(value) ?? {};
  const { kind } = root;
  if (!isKind(kind)) {
    wrong("kind", kind, Object.keys(primaryTypes).join(", "));
    return { problems };
  }
  const fields = [
    "kind",
    "chainId",
    "message",
    "signer",
    "signature",
    ...(kind === "criteria" ? [] : ["sale"]),
  ];
  for (const field of Object.keys(root)) {
    if (!fields.includes(field)) wrong(field, root[field], "nothing that is not signed");
  }
  const document = {
    kind,
    chainId: read("uint53", root["chainId"], "chainId"),
    ...(kind === "criteria" ? {} : { sale: read("address", root["sale"], "sale") }),
    message: read(primaryTypes[kind], root["message"], "message"),
    signer: read("address", root["signer"], "signer"),
    signature: readSignature(root["signature"]),
  };
  return problems.length > 0 ? { problems } : { document: document as SignedDocument };

  function read(type: string, got: unknown, field: string): unknown {
    const item = /^(.*)\[\]$/.exec(type)?.[1];
    if (item !== undefined) return readList(item, got, field);
    if (type in documentTypes) return readStruct(type as keyof typeof documentTypes, got, field);
    if (type === "string") return readText(got, field);
    if (type === "address") return readAddress(got, field);
    if (type === "bytes32") {
      return isHex(got) && got.length === 66 ? lower(got) : wrong(field, got, "32 bytes in hex");
    }
    const most = lastOf(field) === "issuedAt" ? LATEST : 2 ** Number(type.slice("uint".length)) - 1;
    if (Number.isSafeInteger(got) && (got as number) >= 0 && (got as number) <= most) return got;
    return wrong(field, got, `a whole number from 0 to ${String(most)}`);
  }

  function readStruct(type: keyof typeof documentTypes, got: unknown, field: string): unknown {
    const struct = objectOf(got);
    if (struct === undefined) return wrong(field, got, "an object");
    const members = documentTypes[type];
    for (const name of Object.keys(struct)) {
      if (!members.some((member) => member.name === name)) {
        wrong(`${field}.${name}`, struct[name], "nothing that is not signed");
      }
    }
    return Object.fromEntries(
      members.map(({ name, type: inner }) => [name, read(inner, struct[name], `${field}.${name}`)]),
    );
  }

  function readList(type: string, got: unknown, field: string): unknown {
    const most = MOST[lastOf(field)] ?? 0;
    const isText = type === "Text";
    if (!Array.isArray(got) || got.length > most || (isText && got.length === 0)) {
      return wrong(field, got, `a list of ${isText ? "1" : "0"} to ${String(most)}`);
    }
    const items = got.map((each, index) => read(type, each, `${field}[${String(index)}]`));
    const names = items.map((each) => (isText ? (each as { language?: string }).language : each));
    if ((isText || type === "address") && new Set(names).size < names.length) {
      wrong(field, names, isText ? "each language once" : "each address once");
    }
    return items;
  }

  function readText(got: unknown, field: string): unknown {
    const name = lastOf(field);
    const most = MOST[name] ?? 0;
    if (typeof got !== "string" || got.trim() === "" || got.length > most) {
      return wrong(field, got, `a text of 1 to ${String(most)} characters`);
    }
    if (!got.isWellFormed() || CONTROLS.test(got) || (name !== "body" && got.includes("\n"))) {
      return wrong(field, got, name === "body" ? "plain text" : "plain text on one line");
    }
    if (name === "language" && !LANGUAGE.test(got)) return wrong(field, got, 'a language, such as "en"');
    if (name === "uri" && !isHttps(got)) return wrong(field, got, "an https URL");
    return got;
  }

  function readAddress(got: unknown, field: string): unknown {
    if (typeof got === "string" && isAddress(got, { strict: false })) return getAddress(got.toLowerCase());
    return wrong(field, got, "an address, 20 bytes in hex");
  }

  function readSignature(got: unknown): unknown {
    if (isHex(got) && got.length % 2 === 0 && got.length / 2 - 1 <= LONGEST_SIGNATURE) return lower(got);
    return wrong("signature", got, `at most ${String(LONGEST_SIGNATURE)} bytes in hex`);
  }
}

function isKind(kind: unknown): kind is DocumentKind {
  return typeof kind === "string" && Object.hasOwn(primaryTypes, kind);
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function lastOf(field: string): string {
  return /([a-zA-Z]+)(\[\d+\])?$/.exec(field)?.[1] ?? "";
}

function lower(hex: Hex): Hex {
  return hex.toLowerCase() as Hex;
}

function isHttps(text: string): boolean {
  return /^https:\/\/[^\s\\@]+$/.test(text) && URL.canParse(text);
}
