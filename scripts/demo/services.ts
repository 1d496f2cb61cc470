import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesToHex } from "viem";
import type { HDAccount } from "viem/accounts";
import { pageConfigOf } from "../../src/launch/local/pageConfigOf.ts";
import type { Allocation } from "../../src/sdk/launchFile/Launch.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { stringify } from "../../src/sdk/json.ts";
import type { Person } from "./people.ts";
import type { RunningProcess } from "./processes.ts";
import type { World } from "./world.ts";

/** Blocks until something is final here: the local node calls everything final at once. */
export const FINALITY_DEPTH = 8;

const listening = (line: string): boolean => line.includes('"event":"listening"');

/** A bearer key with which reconcile reads the orders; made for this demo alone. */
export const exportKey = bytesToHex(crypto.getRandomValues(new Uint8Array(32))).slice(2);

export type SignerFiles = {
  keyFile: string;
  sanctionsFile: string;
  exportKeyFile: string;
  webhookSecretFile: string;
};

/** What an operator would prepare: key, sanctions list, secrets; each readable by its owner alone. */
export async function writeSignerFiles(
  world: World,
  { signer, sanctioned }: { signer: HDAccount; sanctioned: readonly Person[] },
): Promise<SignerFiles> {
  const privateKey = signer.getHdKey().privateKey;
  if (privateKey === null) throw new Error("The signer's account has no key.");
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(world.directory, name);
    await writeFile(file, text, { mode: 0o600 });
    await chmod(file, 0o600);
    return file;
  };
  return {
    keyFile: await write("signer.key", `${bytesToHex(privateKey)}\n`),
    // The list needs an entry even where nobody in the demo is on it.
    sanctionsFile: await write(
      "sanctions.txt",
      `${["0x00000000000000000000000000000000000bad00", ...sanctioned.map((p) => p.account.address)].join("\n")}\n`,
    ),
    exportKeyFile: await write("export.key", `${exportKey}\n`),
    webhookSecretFile: await write(
      "webhook.secret",
      `${bytesToHex(crypto.getRandomValues(new Uint8Array(32))).slice(2)}\n`,
    ),
  };
}

/** Environment of the signer's `serve` and `import`. */
export async function signerEnvironment(
  world: World,
  { database, recordFile, files }: { database: string; recordFile: string; files: SignerFiles },
): Promise<Record<string, string>> {
  return {
    DATABASE_URL: await world.database.createDatabase({ name: database, role: database }),
    RPC_URL: world.urls.chain,
    LAUNCH_RECORD: recordFile,
    PORT: String(world.ports.signer),
    HOST: "127.0.0.1",
    FINALITY_DEPTH: String(FINALITY_DEPTH),
    SIGNER_KEY_FILE: files.keyFile,
    SANCTIONS_FILE: files.sanctionsFile,
    EXPORT_KEY_FILE: files.exportKeyFile,
    KYC_WEBHOOK_SECRET_FILE: files.webhookSecretFile,
    SIWE_DOMAIN: `127.0.0.1:${String(world.ports.page)},localhost:${String(world.ports.page)}`,
    CORS_ORIGIN: `${world.urls.page},http://localhost:${String(world.ports.page)}`,
  };
}

export function startSigner(world: World, env: Record<string, string>): Promise<RunningProcess> {
  return world.processes.start({
    name: "signer",
    args: ["src/signer/main.ts", "serve"],
    env,
    ready: listening,
  });
}

/** Loads KYC decisions the way an operator does: a CSV file and one command. */
export async function importSubjects(
  world: World,
  env: Record<string, string>,
  people: readonly Person[],
  tierOf: (person: Person) => string,
): Promise<void> {
  const file = join(world.directory, "subjects.csv");
  const decidedAt = new Date().toISOString();
  const rows = people
    .filter((person) => person.part !== "not-known")
    .map((person) => {
      const { account, number, country } = person;
      const subject = `person-${String(number)}`;
      return [account.address, subject, country, tierOf(person), "approved", decidedAt].join(",");
    });
  await writeFile(file, `wallet,subject,country,tier,decision,decidedAt\n${rows.join("\n")}\n`);
  await world.processes.run({
    name: "import of subjects",
    args: ["src/signer/main.ts", "import", file],
    env,
  });
}

export async function startIndexer(world: World, recordFiles: readonly string[]): Promise<RunningProcess> {
  return world.processes.start({
    name: "indexer",
    args: ["src/indexer/main.ts", "serve"],
    env: {
      DATABASE_URL: await world.database.createDatabase({ name: "indexer", role: "indexer" }),
      RPC_URL: world.urls.chain,
      LAUNCH_RECORD: recordFiles.join(","),
      PORT: String(world.ports.indexer),
      HOST: "127.0.0.1",
      FINALITY_DEPTH: String(FINALITY_DEPTH),
      POLL_MS: "250",
      CORS_ORIGIN: `${world.urls.page},http://localhost:${String(world.ports.page)}`,
    },
    ready: listening,
  });
}

export function startPage(world: World): Promise<RunningProcess> {
  return world.processes.start({
    name: "page",
    args: ["src/web/serve.ts"],
    env: {
      PORT: String(world.ports.page),
      HOST: "127.0.0.1",
      WEB_ROOT: "dist/web",
      CONFIG_FILE: pageConfigFile(world),
    },
    ready: listening,
  });
}

/** Tells the page which sale it shows; personas are for a local chain only. */
export async function writePageConfig(
  world: World,
  record: LaunchRecord,
  {
    allocations,
    personas,
  }: {
    allocations: readonly Allocation[];
    personas: readonly { name: string; account: HDAccount; note: string }[];
  },
): Promise<void> {
  const config = pageConfigOf({
    ...{ record, allocations, urls: world.urls, currency: { symbol: "USDC", decimals: 6 } },
    personas: personas.map(({ name, account, note }) => ({
      ...{ name, note, address: account.address },
      privateKey: bytesToHex(account.getHdKey().privateKey ?? new Uint8Array()),
    })),
  });
  await writeFile(pageConfigFile(world), stringify(config, 2));
}

function pageConfigFile(world: World): string {
  return join(world.directory, "page.json");
}
