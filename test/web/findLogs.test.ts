import { expect } from "chai";
import { createClient, custom, type Hex } from "viem";
import { hardhat } from "viem/chains";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { blocksAt } from "../../src/web/chain/blocksAt.ts";
import type { PageClient } from "../../src/web/chain/createChain.ts";
import { findBackwards, type BlockRange } from "../../src/web/chain/findBackwards.ts";
import { readTerms } from "../../src/web/chain/readTerms.ts";
import { createPurchaseChain } from "../../src/web/purchase/createPurchaseChain.ts";
import { readOrder } from "../../src/web/receipt/readOrder.ts";
import { readListing } from "../../src/web/watch/readListing.ts";
import { randomHash, startIndexerChain, type IndexerChain } from "../support/indexerChain.ts";

type Call = { method: string; params?: readonly unknown[] };
const asClient = (request: (call: Call) => Promise<unknown>) =>
  createClient({
    chain: hardhat,
    transport: custom({ request: (call: Call) => request(call) }, { retryCount: 0 }),
  }) as unknown as PageClient;

describe("findBackwards", () => {
  const head = asClient(async () => "0x7a120"); // 500,000
  /** One event in `block`, behind a node that looks through `most` blocks. */
  const nodeWith = (block: bigint, most: bigint) => {
    const asked: bigint[] = [];
    return {
      asked,
      look: async ({ fromBlock, toBlock }: BlockRange) => {
        const blocks = toBlock - fromBlock + 1n;
        if (blocks > most) throw new Error("range too wide");
        asked.push(blocks);
        return fromBlock <= block && block <= toBlock ? [block] : [];
      },
    };
  };

  it("goes from the newest block back, no further than it must", async () => {
    const { asked, look } = nodeWith(495_000n, 10_000n);
    expect(await findBackwards(head, 0n, look)).to.equal(495_000n);
    expect(asked).to.deep.equal([10_000n]);
  });

  it("looks through every block once, down to the sale's first", async () => {
    const { asked, look } = nodeWith(475_555n, 10_000n);
    expect(await findBackwards(head, 475_555n, look)).to.equal(475_555n);
    expect(asked).to.deep.equal([10_000n, 10_000n, 4_446n]);
    expect(await findBackwards(head, 475_556n, look)).to.equal(undefined);
  });

  it("asks for fewer blocks where the node refuses so many, and gives up where it refuses ten", async () => {
    const { asked, look } = nodeWith(499_985n, 10n);
    expect(await findBackwards(head, 0n, look)).to.equal(499_985n);
    expect(asked).to.deep.equal([10n, 10n]);
    const refused = await findBackwards(head, 0n, nodeWith(1n, 9n).look).catch(() => "refused");
    expect(refused).to.equal("refused");
  });
});

describe("blocksAt", () => {
  /** Three blocks a second, from time 1,000 on. */
  const client = asClient(async ({ params }) => {
    const number = params?.[0] === "latest" ? 9_000n : BigInt(params?.[0] as Hex);
    return { number: hex(number), timestamp: hex(1_000n + number / 3n), transactions: [] };
  });

  it("finds the first block of a second, and a second's blocks behind it", async () => {
    expect(await blocksAt(client, 1_700n, 5n)).to.deep.equal({ fromBlock: 2_100n, toBlock: 2_109n });
    expect(await blocksAt(client, 4_000n, 5n)).to.deep.equal({ fromBlock: 9_000n, toBlock: 9_000n });
  });
});

describe("events of a sale, from a node that looks through ten blocks at once", function () {
  this.timeout(60_000);
  let chain: IndexerChain;
  let node: PageClient;
  before(async () => {
    chain = await startIndexerChain();
    node = asClient(async ({ method, params }) => {
      if (method === "eth_getLogs") {
        const { fromBlock, toBlock } = params?.[0] as { fromBlock: Hex; toBlock: Hex };
        if (BigInt(toBlock) - BigInt(fromBlock) >= 10n) throw new Error("at most 10 blocks");
      }
      return chain.client.request({ method, params } as never);
    });
  });
  after(() => chain.close());

  it("finds terms, purchases and the listing", async () => {
    const deployed = await chain.deploySale();
    const { record, sale, send, truth } = deployed;
    const { startBlock, terms } = record;
    expect((await readTerms(node, { sale, startBlock })).hash).to.equal(record.termsHash);

    const [buyer] = chain.buyers;
    const orderId = randomHash();
    await deployed.buy(buyer!, terms.sale.softCap, orderId);
    await chain.client.mine({ blocks: 35 });
    const indexer = { entries: () => Promise.reject(new Error("down")) };
    const receipt = await readOrder(node, { sale, startBlock, orderId, indexer });
    expect(receipt).to.deep.include({ orderId, buyer, amount: terms.sale.softCap });
    const unknown = { sale, startBlock, orderId: randomHash(), indexer };
    expect(await readOrder(node, unknown)).to.equal(undefined);
    const own = createPurchaseChain({
      ...{ client: node, sale, startBlock, currency: chain.currency },
      signedPayments: () => Promise.reject(new Error("not asked")),
    });
    const order = { orderId, buyer: buyer!, key: "", nonce: 0n, amount: 1n, cumulativeCap: 1n };
    expect(await own.findPurchase(order)).to.deep.include({ orderId, block: receipt?.block });

    await chain.moveTo(terms.sale.closesAt);
    await send(chain.deployer, "finalise");
    await chain.moveTo((await chain.now()) + terms.listing.delay);
    await send(chain.deployer, "list", [(await truth()).history]);
    await chain.client.mine({ blocks: 35 });
    const [listedAt, [event]] = await Promise.all([
      chain.client.readContract({ address: sale, abi: saleAbi, functionName: "listedAt" }),
      chain.client.getContractEvents({ address: sale, abi: saleAbi, eventName: "Listed", fromBlock: 0n }),
    ]);
    const { id, fee, unsold, poolTokens } = await readListing(node, { sale, startBlock, listedAt });
    expect({ id, fee, unsold, poolTokens }).to.deep.equal({
      ...{ id: event?.args.id, fee: event?.args.fee },
      ...{ unsold: event?.args.unsold, poolTokens: event?.args.poolTokens },
    });
  });
});

function hex(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}
