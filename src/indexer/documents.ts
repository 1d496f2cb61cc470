import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyBaseLogger } from "fastify";
import type { Address, Hex } from "viem";
import type { Clock } from "../chain/clock.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import type { RpcSource } from "../chain/rpcSource.ts";
import { checkDocuments } from "../sdk/documents/checkDocuments.ts";
import { createSignatureCheck, type ContractCall } from "../sdk/documents/checkSignature.ts";
import type { SignedDocument } from "../sdk/documents/Document.ts";
import { parseDocumentFile } from "../sdk/documents/parseDocument.ts";
import type { DocumentsJson } from "../sdk/indexerApi.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import type { Problem } from "../sdk/problem.ts";
import { SlipwayError } from "../sdk/problem.ts";

/** Signed documents of the sales followed, as far as they pass every check. */
export type Documents = { of: (record: LaunchRecord) => Promise<DocumentsJson> };

/** The folder is not looked at more often, however many ask. */
const LOOK_EVERY_MS = 1_000;
/** A contract wallet may change its mind about a signature. */
const CHECK_EVERY_MS = 600_000;
const MOST_FILES = 2_000;
const LARGEST_FILE = 2_000_000;

const NONE: DocumentsJson = { profile: null, updates: [], reviews: [], criteria: null, refused: 0 };

/** Serves the `*.json` of a folder and of those in it; a file that is added, changed or removed counts a second later. */
export function createDocuments({
  folder,
  records,
  platform,
  rpc,
  clock,
  log,
}: {
  folder: string | undefined;
  records: readonly LaunchRecord[];
  platform?: Address | undefined;
  /** Every node of it must say that a contract wallet has signed. */
  rpc?: Pick<RpcPool, "sources">;
  clock: Clock;
  log?: Pick<FastifyBaseLogger, "warn">;
}): Documents {
  const isSigned = createSignatureCheck(contractCallBy(rpc));
  let found: { print: string; at: number; documents: Promise<Map<Address, DocumentsJson>> } | undefined;
  let looked: { at: number; print: Promise<string> } | undefined;

  async function read(from: string): Promise<Map<Address, DocumentsJson>> {
    const documents: SignedDocument[] = [];
    let unreadable = 0;
    for (const name of await namesIn(from)) {
      const text = await textOf(join(from, name));
      const parsed = parseDocumentFile(text ?? "");
      if ("document" in parsed) documents.push(parsed.document);
      else {
        unreadable++;
        log?.warn({ file: name, problems: parsed.problems }, "a document is not served");
      }
    }

    const served = new Map<Address, DocumentsJson>();
    for (const record of records) {
      const own = documents.filter(
        ({ sale }) =>
          sale === undefined || sale === record.sale || !records.some((each) => each.sale === sale),
      );
      const { refused, ...counted } = await checkDocuments({
        ...{ documents: own, subject: { ...record, platform }, isSigned },
      });
      for (const { document, problem } of refused) warn(record, document, problem);
      served.set(record.sale, { ...counted, refused: refused.length + unreadable });
    }
    return served;
  }

  function warn({ sale }: LaunchRecord, { kind, signer }: SignedDocument, problem: Problem): void {
    log?.warn({ sale, kind, signer, problem }, "a document is not served");
  }

  return {
    async of(record) {
      if (folder === undefined) return NONE;
      const now = clock.now();
      if (looked === undefined || now - looked.at >= LOOK_EVERY_MS)
        looked = { at: now, print: printOf(folder) };
      const print = await looked.print;
      if (found?.print !== print || now - found.at >= CHECK_EVERY_MS) {
        const reading = { print, at: now, documents: read(folder) };
        found = reading;
        reading.documents.catch(() => {
          // Nothing is known without the chain: asked again, it is tried again.
          if (found === reading) found = undefined;
        });
      }
      return (await found.documents).get(record.sale) ?? NONE;
    },
  };
}

/** Changes when a file does. */
async function printOf(folder: string): Promise<string> {
  const files = await Promise.all(
    (await namesIn(folder)).map(async (name) => {
      const file = await stat(join(folder, name)).catch(() => undefined);
      return `${name} ${String(file?.mtimeMs)} ${String(file?.size)}`;
    }),
  );
  return files.join("\n");
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith(".json"))
    .sort()
    .slice(0, MOST_FILES);
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).size > LARGEST_FILE ? undefined : await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * What a contract answers where it is one at every node, in the same words; undefined where one node has no code there or says
 * otherwise. A node that refuses has answered; where none does the error goes on, as nothing is known.
 */
function contractCallBy(rpc: Pick<RpcPool, "sources"> | undefined): ContractCall {
  return async (to, data) => {
    const failures: SlipwayError[] = [];
    const answers: (Hex | undefined)[] = [];
    await Promise.all(
      (rpc?.sources ?? []).map(async (source) => {
        try {
          answers.push(await askContract(source, to, data));
        } catch (error) {
          if (!(error instanceof SlipwayError)) throw error;
          failures.push(error);
        }
      }),
    );
    if (answers.length === 0) throw failures[0] ?? indexerError("rpc-unreachable", "no node");
    const [first] = answers;
    return answers.every((answer) => answer === first) ? first : undefined;
  };
}

/** By one node. Whoever has no code signs with a key, whatever the node makes it answer. */
async function askContract(source: RpcSource, to: Address, data: Hex): Promise<Hex | undefined> {
  const [code, answer] = await source.send([
    { method: "eth_getCode", params: [to, "latest"] },
    { method: "eth_call", params: [{ to, data }, "latest"] },
  ]);
  if (code?.ok !== true || typeof code.result !== "string") {
    throw indexerError("rpc-unreachable", `${source.name} does not say whether ${to} has code`);
  }
  return code.result === "0x" || answer?.ok !== true ? undefined : (answer.result as Hex);
}
