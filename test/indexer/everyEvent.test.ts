import { expect } from "chai";
import { encodeEventTopics, erc20Abi, type Abi, type Address, type Hex } from "viem";
import { createRpcPool } from "../../src/chain/rpcPool.ts";
import { checkCanonical } from "../../src/indexer/checkCanonical.ts";
import { insidersOf } from "../../src/indexer/insiders.ts";
import { createWebhookCursors, NOTHING_TOLD } from "../../src/indexer/webhookCursors.ts";
import { resync } from "../../src/indexer/resync.ts";
import { verifySale } from "../../src/launch/verify/verifySale.ts";
import { reconcile } from "../../src/reconcile/reconcile.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { venueV4Abi } from "../../src/sdk/abi/VenueV4.ts";
import { vestingAbi } from "../../src/sdk/abi/Vesting.ts";
import { createIndexerClient } from "../../src/sdk/indexerClient.ts";
import { checkEntryProof } from "../../src/sdk/entryProof.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { allocationTree } from "../../src/sdk/launchFile/allocationTree.ts";
import { SlipwayError } from "../../src/sdk/problem.ts";
import { startRpcProxy, type RpcProxy } from "../support/indexerRpcProxy.ts";
import { FINALITY_DEPTH, indexerUnderTest, instantClock } from "../support/indexerUnderTest.ts";
import { serveIndexer } from "../support/serveIndexer.ts";
import { startOpenLaunch } from "../support/listedLaunch.ts";

type Log = { address: Address; topics: Hex[]; data: Hex; logIndex: Hex };
type Indexer = Awaited<ReturnType<typeof indexerUnderTest>>;

const UNIT = 10n ** 6n;
const abis: Record<string, Abi> = { sale: saleAbi, vesting: vestingAbi, venue: venueV4Abi };

describe("indexer: every event of a launch", () => {
  let launch: Awaited<ReturnType<typeof startOpenLaunch>>;
  let record: LaunchRecord;
  let node: RpcProxy;
  const open: Indexer[] = [];

  before(async () => {
    launch = await startOpenLaunch();
    await launch.list();
    record = await launch.record();
    const { sale, send, rpc } = launch;
    const [first = record.sale] = launch.buyers;
    const { allocations } = launch.launch.vesting;
    const tree = allocationTree(allocations);
    const proved = [sale, tree.leafOf(1), tree.proofOf(1)];
    await send(first, record.vesting, vestingAbi, "claimFor", proved);
    await send(tree.leafOf(1).beneficiary, record.vesting, vestingAbi, "changeBeneficiary", [
      ...proved,
      first,
    ]);
    const [lock] = await launch.chain.getContractEvents({
      ...{ abi: venueV4Abi, eventName: "Locked", fromBlock: 0n },
    } as const);
    await send(first, record.venue, venueV4Abi, "collectFees", [lock?.args.id, 0n, 0n]);
    for (let block = 0; block < FINALITY_DEPTH; block++) await rpc("evm_mine");
  });
  beforeEach(async () => {
    node = await startRpcProxy(launch.node.url);
  });
  afterEach(async () => {
    for (const indexer of open.splice(0)) await indexer.close();
    await node.close();
  });
  after(() => launch.close());

  async function indexing(): Promise<Indexer> {
    const indexer = await indexerUnderTest({ urls: [node.url], records: [record] });
    open.push(indexer);
    return indexer;
  }
  /** Logs of one event left out, or told otherwise, in every answer or in some. */
  function change(which: () => string, how: (log: Log) => Log[], when: () => boolean = () => true): void {
    node.change = (call, answer) => {
      if (call.method !== "eth_getLogs" || !Array.isArray(answer.result) || !when()) return answer;
      const [contract = "", eventName = ""] = which().split(" ");
      const [topic] = encodeEventTopics({ abi: abis[contract] ?? [], eventName });
      const logs = answer.result as Log[];
      return { ...answer, result: logs.flatMap((log) => (log.topics[0] === topic ? how(log) : [log])) };
    };
  }
  async function stateOf(indexer: Indexer) {
    const { rows } = await indexer.database.query<{ proved_to: bigint; anchor_number: bigint }>(
      "SELECT proved_to, anchor_number FROM sales, chain",
    );
    const [stats] = await indexer.queries.sales([record.sale], false);
    return { ...rows[0], status: stats?.status, reason: stats?.reason };
  }
  async function told(indexer: Indexer): Promise<string[]> {
    const after = { block: -1, logIndex: -1 };
    const { events } = await indexer.queries.events(record.sale, { after, limit: 100 });
    return events.map(({ contract, name }) => `${contract} ${name}`);
  }

  it("is copied only of contracts that are Slipway's own, by address and by code", async () => {
    const { terms } = record;
    const foreign = launch.buyers[0] ?? record.sale;
    const refused = async (changed: Partial<LaunchRecord>) => {
      const pool = createRpcPool({ urls: [node.url], clock: instantClock(), random: () => 0.5 });
      const check = checkCanonical(pool, [{ ...record, ...changed }]);
      return check.then(
        () => [],
        (error: unknown) =>
          error instanceof SlipwayError ? [error.code, ...error.problems.map(({ field }) => field)] : [error],
      );
    };
    expect(await refused({})).to.deep.equal([]);
    const code = "sale-not-canonical";
    expect(await refused({ sale: foreign })).to.deep.equal([code, "sale"]);
    expect(await refused({ registry: foreign })).to.deep.equal([code, "registry"]);
    // The address of the sale follows from its terms.
    const listing = { ...terms.listing, venue: record.vesting };
    const vesting = { ...terms.vesting, vesting: record.venue };
    expect(await refused({ terms: { ...terms, listing } })).to.deep.equal([code, "sale", "venue"]);
    expect(await refused({ terms: { ...terms, vesting } })).to.deep.equal([code, "sale", "vesting"]);

    node.change = ({ method, params }, answer) =>
      method === "eth_getCode" && params[0] === record.venue ? { ...answer, result: "0x60" } : answer;
    expect(await refused({})).to.deep.equal([code, "code of the venue"]);
  });

  it("is copied and proved up to the final block, and answers what the contracts answer", async () => {
    const indexer = await indexing();
    await indexer.catchUp();
    expect(await told(indexer)).to.deep.equal(everything);
    const { proved_to: proved, anchor_number: anchor, status } = await stateOf(indexer);
    expect([status, proved]).to.deep.equal(["live", anchor]);

    const read = (functionName: "claimable" | "history", args: unknown[] = []) =>
      launch.chain.readContract({ address: record.sale, abi: abis["sale"] ?? [], functionName, args });
    const held = async (holder: Address) =>
      launch.chain.readContract({
        ...{ address: record.token, abi: erc20Abi, functionName: "balanceOf", args: [holder] },
      } as const);

    for (const buyer of launch.buyers) {
      const position = await indexer.queries.position(record.sale, buyer);
      expect(position?.claimableTokens).to.equal(String(await read("claimable", [buyer])));
      expect(BigInt(position?.vestedTokens ?? 0) > 0n).to.equal(true);
    }

    const supply = await indexer.queries.supply(record.sale);
    const totalSupply = await launch.chain.readContract({
      ...{ address: record.token, abi: erc20Abi, functionName: "totalSupply" },
    } as const);
    const [inSale, inVesting] = [await held(record.sale), await held(record.vesting)];
    expect(supply).to.include({
      ...{ total: String(totalSupply), inSale: String(inSale), inVesting: String(inVesting) },
      circulating: String(totalSupply - inSale - inVesting),
    });

    const proof = await indexer.queries.proof(record.sale, 2, 100);
    if (proof === undefined) throw new Error("no proof of entry 2");
    const history = (await read("history")) as Hex;
    const [entry, ...later] = proof.entries;
    if (entry === undefined) throw new Error("no entry");
    expect(checkEntryProof(proof, history)).to.equal(true);
    for (const other of [
      { ...entry, amount: `${entry.amount}0` },
      { ...entry, sequence: 1 },
    ]) {
      expect(checkEntryProof({ ...proof, entries: [other, ...later] }, history)).to.equal(false);
    }
    expect(await indexer.queries.proof(record.sale, 99, 1)).to.equal(undefined);

    const cursors = createWebhookCursors(indexer.database);
    const url = "https://receiver.example/hook";
    expect(await cursors.load(url, record.sale)).to.deep.equal(NOTHING_TOLD);
    const cursor = { sequence: 2, history: entry.history, block: 7, logIndex: 3, copy: "1.0" };
    for (const sequence of [1, 2]) await cursors.save(url, record.sale, { ...cursor, sequence });
    expect(await cursors.load(url, record.sale)).to.deep.equal(cursor);

    const [first = record.sale] = launch.buyers;
    const labels = [...(record.labels ?? []), { address: first, label: "adviser" }];
    const { insiders, paid, paidByAll } = await insidersOf(indexer.queries, { ...record, labels });
    expect(
      insiders.filter(({ position }) => position !== null).map(({ labels: [one] }) => one),
    ).to.deep.equal(["adviser"]);
    expect(insiders.flatMap((one) => one.labels)).to.include.members([
      "team",
      "ecosystem",
      "owner",
      "treasury",
    ]);
    expect([paid, paidByAll]).to.deep.equal([String(60_000n * UNIT), String(210_000n * UNIT)]);
  });

  it("is what slipway verify finds, and reconcile names whatever of it is tampered with", async () => {
    const indexer = await indexing();
    await indexer.catchUp();
    const api = await serveIndexer(indexer, [record]);
    const pool = createRpcPool({ urls: [node.url], clock: instantClock(), random: () => 0.5 });
    const client = createIndexerClient({ url: api.url });
    const compare = async () => {
      const { differences } = await reconcile({
        ...{ record, pool, indexer: client, clock: instantClock() },
        finality: { kind: "depth", depth: FINALITY_DEPTH },
      });
      return differences;
    };
    const sql = (text: string, values: unknown[] = []) => indexer.database.query(text, values);
    try {
      expect(await compare()).to.deep.equal([]);
      const { ok, found } = await verifySale({ chainId: record.chainId, sale: record.sale, pool });
      const stats = await client.sale(record.sale);
      expect(ok).to.equal(true);
      expect([found?.phase, found?.entries, found?.buyers, String(found?.raised)]).to.deep.equal([
        ...[stats.phase, stats.entries, stats.buyers, stats.raised],
      ]);
      const claimed = found?.tokens.find(({ holder }) => holder === "buyers, claimed");
      expect(String(claimed?.amount)).to.equal(stats.claimedTokens);

      for (const contract of ["sale", "vesting", "venue", "registry"]) {
        const rows = `FROM events WHERE contract = '${contract}' ORDER BY block_number, log_index LIMIT 1`;
        const [row] = (await sql(`SELECT * ${rows}`)).rows as { block_number: bigint; transaction: Buffer }[];
        if (row === undefined) throw new Error(`no event of ${contract}`);
        const at = `WHERE (block_number, log_index) = (SELECT block_number, log_index ${rows})`;
        await sql(`UPDATE events SET name = 'Paused' ${at}`);
        const [changed, ...others] = await compare();
        expect([changed?.code, changed?.got, others]).to.deep.equal(["event-changed", "Paused", []]);
        expect([changed?.block, changed?.transaction]).to.deep.equal([
          ...[Number(row.block_number), `0x${row.transaction.toString("hex")}`],
        ]);
        await sql(`UPDATE events SET name = $1 ${at}`, [changed?.wanted]);
        expect(await compare()).to.deep.equal([]);
      }

      const sums: [change: string, code: string, field: string][] = [
        ["buyers = buyers + 1", "sum-differs", "the indexer's buyers"],
        ["claimed = claimed + 1", "sum-differs", "the indexer's claimed tokens"],
        ["refunded = refunded + 1", "sum-differs", "the indexer's refunded"],
        ["pool = decode('00', 'hex')", "state-differs", "pool"],
      ];
      const { rows: kept } = await sql("SELECT buyers, claimed, refunded, pool FROM sales");
      const { buyers, claimed: claims, refunded, pool: id } = kept[0] as Record<string, unknown>;
      for (const [change, code, field] of sums) {
        await sql(`UPDATE sales SET ${change}`);
        const told = await compare();
        expect(told.map((one) => [one.code, one.field])).to.deep.equal([[code, field]]);
        expect(told[0]?.block).to.be.a("number");
        const values = [buyers, claims, refunded, id];
        await sql("UPDATE sales SET buyers = $1, claimed = $2, refunded = $3, pool = $4", values);
      }
    } finally {
      await api.close();
    }
  });

  it("is read again where a node leaves now this event out, now that", async () => {
    const counted = [
      ...["sale SignerAdded", "vesting Registered", "sale Finalised", "venue Locked", "sale Listed"],
      ...["sale Claimed", "sale UnsoldReleased", "vesting Claimed"],
    ];
    let answers = 0;
    change(
      () => counted[answers % counted.length] ?? "",
      () => [],
      () => answers++ < counted.length,
    );
    const indexer = await indexing();
    await indexer.catchUp();
    expect([(await stateOf(indexer)).status, await told(indexer)]).to.deep.equal(["live", everything]);
    expect(answers).to.be.greaterThan(counted.length);
  });

  it("quarantines the sale for a claim that no node tells of, until it is copied anew", async () => {
    change(
      () => "sale Claimed",
      () => [],
    );
    const indexer = await indexing();
    await indexer.catchUp();
    const state = await stateOf(indexer);
    expect(state.status).to.equal("quarantined");
    expect(state.reason).to.match(/^sale positionOf\(0x/);

    node.change = undefined;
    await resync(indexer.client, record.sale);
    indexer.restart();
    await indexer.catchUp();
    expect([(await stateOf(indexer)).status, await told(indexer)]).to.deep.equal(["live", everything]);
  });

  it("quarantines the sale for a release that every node tells twice", async () => {
    change(
      () => "sale FeeReleased",
      (log) => [log, { ...log, logIndex: "0x77" }],
    );
    const indexer = await indexing();
    await indexer.catchUp();
    expect((await stateOf(indexer)).reason).to.match(/^sale credits\(\)/);
  });
});

const everything = [
  ...["sale OwnershipTransferred", "sale SignerAdded", "vesting Registered", "registry Announced"],
  ...[
    "sale Finalised",
    "venue Locked",
    "sale Listed",
    "sale Claimed",
    "sale FeeReleased",
    "sale TreasuryReleased",
  ],
  ...["sale UnsoldReleased", "vesting Claimed", "vesting BeneficiaryChanged", "venue FeesCollected"],
];
