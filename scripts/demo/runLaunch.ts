import { join } from "node:path";
import { formatUnits, type Address, type Hex } from "viem";
import { systemClock } from "../../src/chain/clock.ts";
import { createRpcPool } from "../../src/chain/rpcPool.ts";
import { verifySale } from "../../src/launch/verify/verifySale.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { createIndexerClient } from "../../src/sdk/indexerClient.ts";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { createBuyer, fundPeople, type Buyer } from "./buyer.ts";
import { closeBooks, type Books } from "./books.ts";
import { demoLaunch } from "./demoLaunch.ts";
import { deployDemoLaunch } from "./deployDemoLaunch.ts";
import { mined } from "./localChain.ts";
import type { DemoOptions, DemoVenue } from "./options.ts";
import { accountOf, castOf, localAccount, type Person } from "./people.ts";
import { personasOf } from "./personas.ts";
import type { RunningProcess } from "./processes.ts";
import { createRandom } from "./random.ts";
import { reconcileAndList, reconcileNow, summaryOf } from "./reconcileAndList.ts";
import { createRefusals } from "./refusals.ts";
import type { Screen } from "./screen.ts";
import {
  exportKey,
  FINALITY_DEPTH,
  importSubjects,
  signerEnvironment,
  startIndexer,
  startPage,
  startSigner,
  writePageConfig,
  writeSignerFiles,
  type SignerFiles,
} from "./services.ts";
import { playSale, tryTooEarly, type Stage } from "./story.ts";
import { swapOnPool } from "./swapOnPool.ts";
import type { World } from "./world.ts";

const OPERATOR_INDEX = 0;

/** What goes on running after the launch, for the second sale. */
export type RunningDemo = {
  launch: Launch;
  recordFile: string;
  people: readonly Person[];
  personas: ReturnType<typeof personasOf>;
  signerFiles: SignerFiles;
  signer: RunningProcess;
  indexer: RunningProcess;
};

export type LaunchResult = {
  running: RunningDemo;
  refusedInAll: number;
  differences: string[];
  /** The `--json` line. */
  json: {
    raised: string;
    buyers: number;
    sold: string;
    refused: Record<string, number>;
    poolPrice: number;
    listingPrice: number;
    historyOnChain: Hex;
    historyInIndexer: Hex;
    accounted: boolean;
    termsHash: Hex;
    sale: Address;
    token: Address;
    venue: DemoVenue;
    /** As the venue names it. */
    pool: Hex;
    swap: { paid: bigint; received: bigint };
    currency: Books["currency"];
    tokens: Books["token"];
    seed: number;
  };
};

/** From deployment to a swap on the listed pool, as the launch engineer, the operator and the buyers do it. */
export async function runLaunch({
  options,
  screen,
  world,
}: {
  options: DemoOptions;
  screen: Screen;
  world: World;
}): Promise<LaunchResult> {
  const { chain } = world;
  const random = createRandom(options.seed);
  const recordFile = join(world.directory, "launch.json");

  const launch = demoLaunch(options.venue);
  const record = await screen.step(
    "deploy",
    () => deployDemoLaunch({ world, launch, recordFile }),
    (record) => `Sale ${short(record.sale)} · terms ${short(record.termsHash)}`,
  );
  const { terms, policy } = record;
  const people = castOf({
    count: options.buyers,
    random,
    hardCap: terms.sale.hardCap,
    deniedCountry: policy.deniedCountries.find((code) => code.length === 2) ?? "US",
    currencyDecimals: 6,
  });
  const operator = localAccount(OPERATOR_INDEX);
  const signerAccount = accountOf(terms.roles.signer);
  const personas = personasOf(people);

  const files = await writeSignerFiles(world, {
    signer: signerAccount,
    sanctioned: people.filter((person) => person.part === "sanctioned"),
  });
  const signerEnv = await signerEnvironment(world, { database: "signer", recordFile, files });
  await writePageConfig(world, record, { allocations: launch.vesting.allocations, personas });

  let [signer, indexer] = await Promise.all([
    screen.step(
      "signer",
      async () => {
        const running = await startSigner(world, signerEnv);
        await importSubjects(world, signerEnv, people, () => policy.tiers[0]?.id ?? "");
        return running;
      },
      () => `:${String(world.ports.signer)}  key, chain, terms and policy agree`,
    ),
    screen.step(
      "indexer",
      () => startIndexer(world, [recordFile]),
      () => `:${String(world.ports.indexer)}  at the head`,
    ),
    screen.step(
      "page",
      () => startPage(world),
      () => world.urls.page,
    ),
    fundPeople(chain, record, people),
  ]);

  const stage: Stage = {
    record,
    chain,
    screen,
    random,
    refusals: createRefusals(),
    signerAccount,
    currencyDecimals: 6,
    lent: new Map(),
  };
  const buyers = people.map((person) =>
    createBuyer({ person, record, chain, signerUrl: world.urls.signer, siweOrigin: world.urls.page }),
  );

  screen.line();
  screen.line(`PENDING  opens ${at(terms.sale.opensAt)}`);
  await tryTooEarly(stage, buyers);
  await chain.moveTo(terms.sale.opensAt);
  screen.line(
    `OPEN  ${String(priceOf(terms.sale.price, terms.token.decimals))} USDC · soft cap ${money(terms.sale.softCap)} · hard cap ${money(terms.sale.hardCap)}`,
  );

  const half = Math.floor(buyers.length / 2);
  await playSale(stage, buyers.slice(0, half), buyers);
  if (options.chaos) {
    await screen.step(
      "kill -9",
      async () => {
        await Promise.all([signer.kill(), indexer.kill()]);
        [signer, indexer] = await Promise.all([
          startSigner(world, signerEnv),
          startIndexer(world, [recordFile]),
        ]);
      },
      () => "signer and indexer in mid-sale, started again",
    );
  }
  await playSale(stage, buyers.slice(half), buyers);

  await chain.moveTo(terms.sale.closesAt);
  screen.line("CLOSED → SUCCEEDED");
  const compared = { world, record, exportKey, finalityDepth: FINALITY_DEPTH };
  const listed = await reconcileAndList({ ...compared, screen, operator, salt: `0x${random.hex(32)}` });
  // On v3 the token is born in the listing.
  const token = await chain.readContract({ address: record.sale, abi: saleAbi, functionName: "token" });
  const listedRecord = { ...record, token };

  await screen.step(
    "claim",
    () => claimAndRelease(world, record, buyers),
    (count) => `first claims of ${String(count)} buyers; treasury, fee and unsold tokens released`,
  );
  const afterwards = await screen.step(
    "reconcile",
    () => reconcileNow(compared),
    (result) => `listed and paid out · ${summaryOf(result)}`,
  );
  const books = await closeBooks({
    chain,
    record: listedRecord,
    listed,
    buyers: buyers.map((buyer) => buyer.address),
    treasury: terms.payout.treasury,
    feeRecipient: terms.payout.feeRecipient,
  });
  const swap = await screen.step(
    "swap",
    () =>
      swapOnPool({
        chain,
        record: listedRecord,
        venue: options.venue,
        buyer: buyers[0]?.person.account ?? operator,
      }),
    ({ paid, received }) =>
      `${money(paid)} USDC → ${tokens(received, terms.token.decimals)} ${terms.token.symbol} by Uniswap's ${options.venue} router`,
  );

  const pool = createRpcPool({ urls: [world.urls.chain], clock: systemClock });
  const verified = await screen.step(
    "verify",
    () => verifySale({ chainId: record.chainId, sale: record.sale, pool, launch }),
    ({ checks }) => `the whole launch recomputed from the node alone · ${String(checks.length)} checks`,
  );

  const stats = await createIndexerClient({ url: world.urls.indexer }).sale(record.sale);
  const historyOnChain = await chain.readContract({
    address: record.sale,
    abi: saleAbi,
    functionName: "history",
  });
  const raised = await chain.readContract({ address: record.sale, abi: saleAbi, functionName: "raised" });
  const sold = (raised / terms.sale.price.currencyUnits) * terms.sale.price.tokenUnits;
  const differences = [
    ...books.differences,
    ...afterwards.differences.map(({ code, field, got, wanted }) => `${code} ${field}: ${got}, ${wanted}`),
  ];
  if (stats.history !== historyOnChain)
    differences.push(`history: indexer ${stats.history}, chain ${historyOnChain}`);
  if (stats.raised !== raised.toString())
    differences.push(`raised: indexer ${stats.raised}, chain ${String(raised)}`);

  for (const { name, got, wanted } of verified.checks.filter(({ ok }) => !ok))
    differences.push(`verify, ${name}: ${got}, ${wanted}`);
  const { found } = verified;
  const recomputed = [found?.phase, found?.entries, found?.buyers, String(found?.raised)].join(" ");
  const copied = [stats.phase, stats.entries, stats.buyers, stats.raised].join(" ");
  if (recomputed !== copied) differences.push(`verify ${recomputed}, indexer ${copied}`);

  const refused = stage.refusals.counts();
  printBooks(screen, { record, books, historyOnChain, historyInIndexer: stats.history });
  return {
    running: { launch, recordFile, people, personas, signerFiles: files, signer, indexer },
    refusedInAll: Object.values(refused).reduce((a, b) => a + b, 0),
    differences,
    json: {
      raised: raised.toString(),
      buyers: stats.buyers,
      sold: sold.toString(),
      refused,
      poolPrice: books.poolPrice,
      listingPrice: books.listingPrice,
      historyOnChain,
      historyInIndexer: stats.history,
      accounted: differences.length === 0,
      termsHash: record.termsHash,
      sale: record.sale,
      token,
      venue: options.venue,
      pool: listed.id,
      swap,
      currency: books.currency,
      tokens: books.token,
      seed: options.seed,
    },
  };
}

/** Everybody who has something takes it; whoever calls, the named recipient is paid. */
async function claimAndRelease(
  world: World,
  record: LaunchRecord,
  buyers: readonly Buyer[],
): Promise<number> {
  const { chain } = world;
  const account = localAccount(OPERATOR_INDEX);
  let claims = 0;
  for (const buyer of buyers) {
    const [paid] = await chain.readContract({
      address: record.sale,
      abi: saleAbi,
      functionName: "positionOf",
      args: [buyer.address],
    });
    if (paid === 0n) continue;
    await buyer.claim();
    claims++;
  }
  for (const functionName of ["releaseFee", "releaseTreasury", "releaseUnsold"] as const) {
    const hash = await chain.writeContract({ address: record.sale, abi: saleAbi, functionName, account });
    await mined(chain, hash);
  }
  return claims;
}

function printBooks(
  screen: Screen,
  {
    record,
    books,
    historyOnChain,
    historyInIndexer,
  }: { record: LaunchRecord; books: Books; historyOnChain: Hex; historyInIndexer: Hex },
): void {
  const { currency, token, differences } = books;
  const { decimals, symbol } = record.terms.token;
  const mark = (what: string): string => (differences.some((d) => d.startsWith(what)) ? "✗" : "✓");
  screen.line();
  screen.line(
    `USDC in ${money(currency.paidIn)} = withdrawn ${money(currency.withdrawn)} + fee ${money(currency.fee)}`,
  );
  screen.line(
    `        + pool ${money(currency.pool)} + treasury ${money(currency.treasury)}`.padEnd(66) +
      mark("currency"),
  );
  screen.line(
    `${symbol} ${tokens(token.supply, decimals)} = buyers ${tokens(token.buyers, decimals)} + pool ${tokens(token.pool, decimals)}`,
  );
  screen.line(
    `        + vesting ${tokens(token.vesting, decimals)} + burned ${tokens(token.burned, decimals)}`.padEnd(
      66,
    ) + mark("tokens"),
  );
  screen.line(
    `Price   pool ${String(books.poolPrice)} = listing ${String(books.listingPrice)}`.padEnd(66) +
      mark("price"),
  );
  screen.line(
    `History chain ${short(historyOnChain)} = indexer ${short(historyInIndexer)}`.padEnd(66) +
      (historyOnChain === historyInIndexer ? "✓" : "✗"),
  );
}

function short(hex: Hex): string {
  return `${hex.slice(0, 8)}…${hex.slice(-4)}`;
}

function at(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 16).replace("T", " ");
}

function money(amount: bigint): string {
  return tokens(amount, 6);
}

function tokens(amount: bigint, decimals: number): string {
  return Number(formatUnits(amount, decimals)).toLocaleString("en-US", { maximumFractionDigits: 2 });
}

function priceOf(
  { currencyUnits, tokenUnits }: { currencyUnits: bigint; tokenUnits: bigint },
  decimals: number,
): number {
  return Number(formatUnits((currencyUnits * 10n ** BigInt(decimals) * 10n ** 12n) / tokenUnits, 18));
}
