import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mnemonicToAccount } from "viem/accounts";
import { demoLaunch } from "../../scripts/demo/demoLaunch.ts";
import { castOf } from "../../scripts/demo/people.ts";
import { personasOf } from "../../scripts/demo/personas.ts";
import { createRandom } from "../../scripts/demo/random.ts";
import { secondLaunch } from "../../scripts/demo/secondSale.ts";
import { writePageConfig } from "../../scripts/demo/services.ts";
import type { World } from "../../scripts/demo/world.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { parsePageConfig } from "../../src/web/config/pageConfig.ts";

describe("the page's configuration as `npm start` writes it", () => {
  const directory = mkdtempSync(join(tmpdir(), "slipway-demo-"));
  after(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("is one that the page takes, with the block of the sale and the personas", async () => {
    const account = mnemonicToAccount("test test test test test test test test test test test junk");
    const world = {
      directory,
      urls: {
        ...{ chain: "http://127.0.0.1:1", signer: "http://127.0.0.1:2" },
        ...{ indexer: "http://127.0.0.1:3", page: "http://127.0.0.1:4" },
      },
    } as World;
    const record = {
      ...{ chainId: 31_337, sale: account.address, termsHash: `0x${"ab".repeat(32)}`, startBlock: 17n },
      terms: { token: { name: "Bravo", symbol: "BRAVO", decimals: 18 }, sale: { currency: account.address } },
    } as unknown as LaunchRecord;
    const { allocations } = demoLaunch("v4").vesting;
    const personas = [{ name: "Ada", account, note: "approved: can buy" }];
    await writePageConfig(world, record, { allocations, personas });

    const config = parsePageConfig(JSON.parse(readFileSync(join(directory, "page.json"), "utf8")));
    expect(config).to.deep.include({ chainId: 31_337, sale: account.address, startBlock: 17n, local: true });
    expect(config.launch).to.include({ name: "Bravo", currencySymbol: "USDC", currencyDecimals: 6 });
    expect(config.allocations).to.deep.equal(allocations);
    // Hardhat's first published key.
    expect(config.personas).to.deep.equal([
      {
        ...{ name: "Ada", note: "approved: can buy" },
        address: "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        privateKey: "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
      },
    ]);
  });

  it("offers a persona of each kind", () => {
    const people = castOf({
      ...{ count: 15, random: createRandom(7), hardCap: 250_000_000_000n },
      ...{ deniedCountry: "KP", currencyDecimals: 6 },
    });
    const notes = personasOf(people).map(({ name, note }) => `${name}: ${note}`);
    expect(notes).to.deep.equal([
      ...["Ada: approved: can buy", "Bao: approved: can buy", "Cleo: has not passed KYC"],
      ...["Dan: lives in a country the sale excludes", "Eve: is on the sanctions list"],
      "Finn: has bought all that one person may",
    ]);
  });

  it("has a second sale whose smallest purchase uses up the small tier, and whose goal is left to the newcomer", () => {
    const { sale, policy } = secondLaunch(demoLaunch("v4"), 1_900_000_000n);
    const smallest = 100_000_000n;
    expect(sale.minPurchase).to.equal(smallest);
    expect(policy.tiers.map(({ id, personCap }) => [id, personCap])).to.deep.equal([
      ["public", 25_000_000_000n],
      ["small", smallest],
    ]);
    expect(sale.softCap > smallest && sale.softCap <= 2n * smallest).to.equal(true);
  });
});
