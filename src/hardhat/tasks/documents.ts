import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { getAddress, isAddress, isHex, zeroAddress, type Address, type Hex } from "viem";
import { launchError } from "../../launch/launchErrors.ts";
import { nextDocument, requireShown } from "../../launch/documents/nextDocument.ts";
import { contractCallOf, createSignatureCheck } from "../../sdk/documents/checkSignature.ts";
import {
  documentHashOf,
  documentTypedData,
  type DocumentKind,
  type SignedDocument,
} from "../../sdk/documents/Document.ts";
import { parseDocumentFile } from "../../sdk/documents/parseDocument.ts";
import { signDocument } from "../../sdk/documents/signDocument.ts";
import { stringify } from "../../sdk/json.ts";
import { accountOf } from "../accountOf.ts";
import { clientOf } from "../forkOf.ts";
import { defaultRecord, readRecordFile } from "../openLaunch.ts";
import { runTask } from "./runTask.ts";

type Options = {
  draft: string;
  folder: string;
  from: string;
  signature: string;
  issuedAt: string;
  dryRun: boolean;
  json: boolean;
  record?: string;
};
type Task = (options: Options, hre: HardhatRuntimeEnvironment) => Promise<unknown>;

export const update: Task = (options, hre) => sign("update", options, hre);
export const profile: Task = (options, hre) => sign("profile", options, hre);
export const review: Task = (options, hre) => sign("review", options, hre);
export const criteria: Task = (options, hre) => sign("criteria", options, hre);

function sign(kind: DocumentKind, options: Options, hre: HardhatRuntimeEnvironment) {
  return runTask({
    json: options.json,
    work: async () => {
      const draft = await readDraft(resolve(options.draft));
      const existing = await readFolder(resolve(options.folder));
      const connection = await hre.network.create();
      try {
        if (connection.networkConfig.type === "edr-simulated") {
          throw launchError("no-lasting-chain", connection.networkName);
        }
        const chain = clientOf(connection.provider);
        const chainId = await chain.getChainId();
        const subject =
          kind === "criteria"
            ? undefined
            : await readRecordFile(resolve(options.record || defaultRecord(hre, chainId)));
        if (subject !== undefined && subject.chainId !== chainId) {
          throw launchError("wrong-chain", `the record is of ${subject.chainId}, this is ${chainId}`);
        }

        const account =
          options.signature === "" && !isForeign(options)
            ? await accountOf(connection, options.from)
            : undefined;
        const signer = account?.address ?? addressOf(options.from);
        const isSigned = createSignatureCheck(contractCallOf(chain));
        const issuedAt =
          options.issuedAt === "" ? Number((await chain.getBlock()).timestamp) : secondsOf(options.issuedAt);
        const about = { draft, existing, signer, issuedAt, isSigned };
        const document = await (kind === "criteria" || subject === undefined
          ? nextDocument({ ...about, kind: "criteria", chainId })
          : nextDocument({ ...about, kind, subject }));
        const hash = documentHashOf(document);
        if (options.dryRun) return { hash, signer, typedData: withDomainType(documentTypedData(document)) };

        const signed: SignedDocument =
          account === undefined
            ? { ...document, signer, signature: signatureOf(options.signature) }
            : await signDocument(document, account);
        await requireShown(signed, { subject, existing, isSigned });
        const file = join(resolve(options.folder), fileOf(signed));
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, `${stringify(signed, 2)}\n`, { flag: "wx" }).catch((cause: unknown) => {
          throw launchError("file-exists", file, { cause });
        });
        return { hash, signer, file };
      } finally {
        await connection.close();
      }
    },
    words: (done) =>
      "file" in done
        ? `Signed by ${done.signer}: ${done.file}\nThe indexer serves it once it is in its DOCUMENTS_DIR.`
        : `${done.signer} would sign ${done.hash}; nothing was written. For a wallet (eth_signTypedData_v4):\n${stringify(done.typedData)}\nThen: the same command with --from ${done.signer} --issued-at ${String(done.typedData.message["issuedAt"])} --signature 0x…`,
  });
}

async function readDraft(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as unknown;
  } catch (cause) {
    throw launchError("draft-unreadable", path, { cause });
  }
}

/** Every document in the folder and those in it; throws `document-refused` at a file that is none. */
async function readFolder(folder: string): Promise<SignedDocument[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return Promise.all(
    names
      .filter((name) => name.endsWith(".json"))
      .map(async (name) => {
        const parsed = parseDocumentFile(await readFile(join(folder, name), "utf8"));
        if ("document" in parsed) return parsed.document;
        throw launchError("document-refused", name, { problems: parsed.problems });
      }),
  );
}

/** A dry run takes any address: a multisig's too, of which nobody here has the key. */
function isForeign({ dryRun, from }: Options): boolean {
  return dryRun && isAddress(from, { strict: false });
}

function addressOf(from: string): Address {
  if (isAddress(from, { strict: false }) && from !== zeroAddress) return getAddress(from);
  throw launchError("usage", "--from <address> is missing: it is whose signature --signature is");
}

function signatureOf(signature: string): Hex {
  if (isHex(signature)) return signature;
  throw launchError("usage", "--signature: wanted hex");
}

function secondsOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw launchError("usage", "--issued-at: wanted seconds since 1970");
}

function fileOf(document: SignedDocument): string {
  switch (document.kind) {
    case "criteria":
      return `criteria-${String(document.message.version)}.json`;
    case "profile":
      return join(document.sale, `profile-${String(document.message.version)}.json`);
    case "update":
      return join(document.sale, `update-${String(document.message.sequence)}.json`);
    case "review":
      return join(document.sale, `review-${document.signer}-${String(document.message.issuedAt)}.json`);
  }
}

/** Wallets want the domain's own type named; libraries work it out. */
function withDomainType({ types, ...typedData }: ReturnType<typeof documentTypedData>) {
  const fields = [
    { name: "name", type: "string" },
    { name: "version", type: "string" },
    { name: "chainId", type: "uint256" },
    ...("verifyingContract" in typedData.domain ? [{ name: "verifyingContract", type: "address" }] : []),
  ];
  return { types: { EIP712Domain: fields, ...types }, ...typedData };
}
