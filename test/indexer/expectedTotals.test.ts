import { expect } from "chai";
import type { ClientBase } from "pg";
import { toHex } from "viem";
import { expectedTotals } from "../../src/indexer/expectedTotals.ts";
import { startIndexerChain, type IndexerChain } from "../support/indexerChain.ts";
import { indexerUnderTest } from "../support/indexerUnderTest.ts";

const EVENTS = 5_000;

describe("indexer: expected totals", () => {
  let chain: IndexerChain;
  before(async () => {
    chain = await startIndexerChain();
  });
  after(() => chain.close());

  it("load no more rows however many events a stranger causes", async () => {
    const { sale, record } = await chain.deploySale();
    const indexer = await indexerUnderTest({ urls: [chain.url], records: [record] });
    try {
      await indexer.catchUp();
      let loaded = 0;
      const counting = {
        query: async (text: string, values: unknown[]) => {
          const answer = await indexer.client.query(text, values);
          loaded += answer.rows.length;
          return answer;
        },
      } as unknown as ClientBase;
      const block = await chain.client.getBlockNumber();
      const totals = async () => {
        loaded = 0;
        const { broken, expected } = await expectedTotals(counting, record, Number(block));
        const credits = expected.find(({ what }) => what === "sale credits()")?.wanted[0];
        const treasuryPaid = `0x${credits?.slice(2 + 2 * 64, 2 + 3 * 64) ?? ""}`;
        return { broken, treasuryPaid, loaded };
      };
      const before = await totals();
      expect(before).to.deep.include({ broken: undefined, treasuryPaid: toHex(0, { size: 32 }) });

      const caused: [contract: string, name: string, args: object][] = [
        ["registry", "Announced", { sale }],
        ["venue", "FeesCollected", { amount0: "1" }],
        ["vesting", "BeneficiaryChanged", { index: "1" }],
        ["vesting", "Claimed", { tokens: "1" }],
        ["sale", "TreasuryReleased", { amount: "2" }],
        ["sale", "UnsoldReleased", { tokens: "1" }],
        ["sale", "Claimed", { tokens: "1" }],
      ];
      for (const [index, [contract, name, args]] of caused.entries()) {
        await indexer.database.query(
          `INSERT INTO events SELECT (SELECT id FROM sales), $1, $2 + n, $3, NULL, $4, '', 1, '', $5
             FROM generate_series(1, $6::int) n`,
          [block, 1_000 + index * EVENTS, name, JSON.stringify(args), contract, EVENTS],
        );
      }
      const after = await totals();
      expect(after).to.deep.include({ broken: undefined, treasuryPaid: toHex(2 * EVENTS, { size: 32 }) });
      // One row of each kind of payment.
      expect(after.loaded).to.equal(before.loaded + 3);
    } finally {
      await indexer.close();
    }
  });
});
