import { expect } from "chai";
import { phases } from "../../src/sdk/phase.ts";
import type { IndexerChain, TestSale } from "./indexerChain.ts";
import type { indexerUnderTest } from "./indexerUnderTest.ts";

/** The copy of a sale is what the sale's own views say at the head, position by position. */
export async function expectTruth(
  indexer: Awaited<ReturnType<typeof indexerUnderTest>>,
  chain: IndexerChain,
  sale: TestSale,
): Promise<void> {
  const stats = (await indexer.queries.sales([sale.sale], false))[0];
  const truth = await sale.truth();
  expect({ ...stats }).to.include({
    status: "live",
    history: truth.history,
    raised: String(truth.raised),
    phase: phases[truth.phase],
  });

  const { entries } = await indexer.queries.entries(sale.sale, { after: 0, limit: 1000 });
  expect(entries.map(({ sequence }) => sequence)).to.deep.equal(entries.map((_, index) => index + 1));
  expect(entries.length).to.equal(stats?.entries);
  let raised = 0n;
  let holders = 0;
  for (const buyer of chain.buyers) {
    const [paid, , nonce] = await sale.positionOf(buyer);
    const position = await indexer.queries.position(sale.sale, buyer);
    expect([position?.paid ?? "0", position?.nonce ?? "0"]).to.deep.equal([String(paid), String(nonce)]);
    raised += paid;
    if (paid > 0n) holders += 1;
  }
  expect(stats?.buyers).to.equal(holders);
  if (truth.phase < phases.indexOf("failed")) expect(raised).to.equal(truth.raised);
}
