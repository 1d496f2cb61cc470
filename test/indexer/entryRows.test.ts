import { expect } from "chai";
import { Interface } from "ethers";
import type { Pool, PoolClient } from "pg";
import type { Hex } from "viem";
import { createPacker } from "../../src/chain/packedEntries.ts";
import { createPool } from "../../src/database/pool.ts";
import { copyRows } from "../../src/indexer/copyRows.ts";
import { entryRows } from "../../src/indexer/entryRows.ts";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import { testDatabase } from "../support/postgres.ts";

const abi = new Interface(saleAbi);
const word = (byte: string): Hex => `0x${byte.repeat(32)}`;
const buyer: Hex = `0x${"ab".repeat(20)}`;

describe("indexer: rows in PostgreSQL's binary format", () => {
  let database: Pool;
  let client: PoolClient;

  before(async () => {
    database = createPool({ connectionString: await testDatabase(), applicationName: "rows" });
    client = await database.connect();
    await client.query(
      `CREATE TABLE copied (sale integer, sequence bigint, kind smallint, buyer bytea, nonce bigint, amount numeric,
         order_id bytea, history bytea, block_number bigint, block_hash bytea, block_time bigint, transaction bytea,
         log_index integer)`,
    );
  });
  after(async () => {
    client.release();
    await database.end();
  });

  it("are what they were made of, whatever the amount", async () => {
    const amounts = [0n, 1n, 9_999n, 10_000n, 10_001n, 10n ** 8n, 2n ** 53n, 2n ** 96n - 1n, 2n ** 128n - 1n];
    const packer = createPacker();
    for (const amount of amounts) {
      const args = [buyer, word("cd"), 4_294_967_295n, amount, `0x${"ef".repeat(19)}`];
      const { topics, data } = abi.encodeEventLog("Purchased", args);
      packer.add(
        {
          ...{ address: buyer, topics: topics as Hex[], data: data as Hex, blockNumber: "0x1" },
          ...{ blockHash: word("12"), transactionHash: word("34"), logIndex: "0xfffff" },
        },
        40_000_000_000,
        1_700_000_000,
      );
    }
    await copyRows(client, "copied", entryRows(7, 100, packer.done()));

    const { rows } = await client.query("SELECT * FROM copied ORDER BY sequence");
    const bytes = (hex: Hex) => Buffer.from(hex.slice(2), "hex");
    expect(rows).to.deep.equal(
      amounts.map((amount, index) => ({
        ...{ sale: 7, sequence: BigInt(100 + index), kind: 0, buyer: bytes(buyer) },
        ...{ nonce: 4_294_967_295n, amount: String(amount), order_id: bytes(word("cd")) },
        ...{ history: bytes(`0x${"ef".repeat(19)}`), block_number: 40_000_000_000n },
        ...{ block_hash: bytes(word("12")), block_time: 1_700_000_000n, transaction: bytes(word("34")) },
        log_index: 1_048_575,
      })),
    );
  });
});
