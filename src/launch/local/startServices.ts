import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAbi, zeroAddress, type Address, type Hex, type WalletClient } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import type { Launch } from "../../sdk/launchFile/Launch.ts";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import { operatorScopes } from "../../sdk/signerApi.ts";
import { stringify } from "../../sdk/json.ts";
import { pageConfigOf, type Persona, type Urls } from "./pageConfigOf.ts";
import { runProgram, startProgram, type Program } from "./programs.ts";
import type { ServicePackages } from "./servicePackages.ts";

/** Blocks until something is final here: a local node calls everything final at once. */
const FINALITY_DEPTH = "8";
const mintAbi = parseAbi(["function mint(address to, uint256 amount)"]);

export type LocalServices = {
  /** With every scope; undefined without a signer. */
  operatorKey: string | undefined;
  stop: () => Promise<void>;
  /** The name of the first that ends by itself. */
  ended: Promise<string>;
};

/**
 * Signer, indexer and page of a launch on this machine's chain, each with a database of its own under `folder`, which is made
 * anew. Who is known to the signer, and who has money, are wallets that the page brings along. Throws `program-failed`.
 */
export async function startServices({
  launch,
  record,
  recordFile,
  packages,
  folder,
  urls,
  signerKey,
  keys,
  wallet,
}: {
  launch: Launch;
  record: LaunchRecord;
  recordFile: string;
  packages: ServicePackages;
  folder: string;
  urls: Urls;
  /** Undefined: no signer. */
  signerKey: Hex | undefined;
  /** Of the local node's accounts. */
  keys: readonly Hex[];
  /** Sends from accounts that the node holds. */
  wallet: WalletClient;
}): Promise<LocalServices> {
  await rm(folder, { recursive: true, force: true }); // of a chain that is gone
  for (const name of ["signer", "indexer"]) await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  const secret = async (name: string, text: string) => {
    const file = join(folder, name);
    await writeFile(file, `${text}\n`, { mode: 0o600 });
    return file;
  };
  const cast = castOf(record, keys);

  const port = (url: string) => new URL(url).port;
  const pageAt = new URL(urls.page);
  const both = {
    ...{ RPC_URL: urls.chain, LAUNCH_RECORD: recordFile, HOST: "127.0.0.1", FINALITY_DEPTH },
    ...{ CORS_ORIGIN: `${urls.page},http://localhost:${pageAt.port}` },
  };
  const random = () => randomBytes(32).toString("hex");
  const sanctioned = cast.flatMap(({ persona, part }) => (part === "sanctioned" ? [persona.address] : []));
  const signer = signerKey !== undefined && {
    ...{ name: "signer", folder: join(folder, "signer") },
    env: {
      ...{ ...both, PORT: port(urls.signer), SIGNER_KEY_FILE: await secret("signer.key", signerKey) },
      // The list needs an entry even where nobody here is on it.
      SANCTIONS_FILE: await secret(
        "sanctions.txt",
        ["0x00000000000000000000000000000000000bad00", ...sanctioned].join("\n"),
      ),
      EXPORT_KEY_FILE: await secret("export.key", random()),
      KYC_WEBHOOK_SECRET_FILE: await secret("webhook.secret", random()),
      SIWE_DOMAIN: `${pageAt.host},localhost:${pageAt.port}`,
    },
  };

  let operatorKey: string | undefined;
  if (signer !== false) {
    const people = await secret("subjects.csv", csvOf(cast, record));
    await runProgram({ ...signer, args: [packages.signer, "import", people] });
    const create = [packages.signer, "key", "create", "local", ...operatorScopes];
    operatorKey = /slipway_[0-9a-f]{12}_[A-Za-z0-9_-]{43}/.exec(
      await runProgram({ ...signer, args: create }),
    )?.[0];
  }
  await giveMoney({ record, cast, wallet });
  const config = join(folder, "page.json");
  const { currency, vesting } = launch;
  const personas = cast.map(({ persona }) => persona);
  const said = pageConfigOf({ record, currency, allocations: vesting.allocations, urls, personas });
  await writeFile(config, stringify(said, 2));

  const programs = [
    ...(signer === false ? [] : [{ ...signer, args: [packages.signer, "serve"] }]),
    {
      ...{ name: "indexer", args: [packages.indexer, "serve"], folder: join(folder, "indexer") },
      env: { ...both, PORT: port(urls.indexer), POLL_MS: "250" },
    },
    {
      ...{ name: "page", args: [packages.web], folder },
      env: { PORT: port(urls.page), HOST: "127.0.0.1", CONFIG_FILE: config },
    },
  ];
  const begun = await Promise.allSettled(programs.map(startProgram));
  const started = begun.flatMap((one): Program[] => (one.status === "fulfilled" ? [one.value] : []));
  const stop = async () => {
    await Promise.all(started.map((program) => program.stop()));
  };
  const failed = begun.find((one) => one.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  const ended = Promise.race(started.map(({ name, ended: end }) => end.then(() => name)));
  return { operatorKey, stop, ended };
}

type Part = "buys" | "not-known" | "denied" | "sanctioned";
type Cast = { persona: Persona; part: Part; country: string }[];

const PARTS: readonly { name: string; part: Part; note: string }[] = [
  { name: "Ada", part: "buys", note: "can buy" },
  { name: "Bao", part: "buys", note: "can buy" },
  { name: "Cleo", part: "not-known", note: "has not passed KYC" },
  { name: "Dan", part: "denied", note: "lives in a country the sale excludes" },
  { name: "Eve", part: "sanctioned", note: "is on the sanctions list" },
];

/** One wallet of each kind, from the end of the node's accounts: those at its beginning are the launch's. */
function castOf({ terms, policy }: LaunchRecord, keys: readonly Hex[]): Cast {
  const taken = stringify([terms.roles, terms.payout]).toLowerCase();
  const free = keys.filter((key) => !taken.includes(privateKeyToAddress(key).toLowerCase())).reverse();
  const denied = policy.deniedCountries[0];
  const isFor = (part: Part) =>
    part === "buys" || (terms.sale.voucherRequired && (part !== "denied" || denied !== undefined));
  return PARTS.filter(({ part }) => isFor(part)).flatMap((one, index) => {
    const privateKey = free[index];
    if (privateKey === undefined) return [];
    const { name, note, part } = one;
    const persona = { name, note, privateKey, address: privateKeyToAddress(privateKey) };
    return [{ persona, part, country: part === "denied" ? (denied ?? "") : "CH" }];
  });
}

function csvOf(cast: Cast, { policy }: LaunchRecord): string {
  const [tier] = policy.tiers;
  const decidedAt = new Date().toISOString();
  const rows = cast
    .filter(({ part }) => part !== "not-known" && tier !== undefined)
    .map(({ persona, country }) =>
      [persona.address, persona.name.toLowerCase(), country, tier?.id, "approved", decidedAt].join(","),
    );
  return ["wallet,subject,country,tier,decision,decidedAt", ...rows].join("\n");
}

/** Of a currency that anybody mints, as the local chain's own dollar; another one its wallets must bring. */
async function giveMoney({
  record,
  cast,
  wallet,
}: {
  record: LaunchRecord;
  cast: Cast;
  wallet: WalletClient;
}): Promise<void> {
  const { currency, hardCap } = record.terms.sale;
  if (currency === zeroAddress) return;
  const [from] = await wallet.getAddresses();
  const mint = (to: Address) =>
    wallet.writeContract({
      ...{ address: currency, abi: mintAbi, functionName: "mint", args: [to, hardCap] },
      ...{ account: from ?? zeroAddress, chain: null },
    });
  for (const { persona } of cast) await mint(persona.address).catch(() => undefined);
}
