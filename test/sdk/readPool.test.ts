import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { createPublicClient, custom, type Address, type Hex } from "viem";
import { readPool } from "../../src/sdk/readPool.ts";
import { bringVenue } from "../support/bringVenue.ts";
import { SOFT, startLaunch, type Launch } from "../support/saleOnUniswapV2.ts";

describe("readPool", () => {
  let launch: Launch;
  before(async () => {
    launch = await startLaunch();
  });
  after(async () => {
    await launch.connection.close();
  });

  for (const version of ["v2", "v3", "v4"] as const) {
    for (const ether of [false, true]) {
      it(`tells price and holder of a pool in ${ether ? "ETH" : "an ERC-20"} on ${version}`, async () => {
        const snapshot = await launch.networkHelpers.takeSnapshot();
        const venue =
          version === "v2"
            ? ((await launch.venue.getAddress()) as Address)
            : await bringVenue(launch.connection.provider, version === "v3" ? "venueV3" : "venueV4");
        const listing = { venue, tickSpacing: version === "v2" ? 0 : 60 };
        const sale = await launch.deploySale({
          ...(ether ? { currency: ZeroAddress } : {}),
          adjust: (terms) => Object.assign(terms.listing, listing),
        });
        await launch.settle(sale, SOFT);
        const receipt = await (await sale.list(await sale.history())).wait();
        const [listed] = await sale.queryFilter(sale.filters.Listed(), receipt?.blockNumber);

        const client = createPublicClient({ transport: custom(launch.connection.provider) });
        const token = (await sale.token()) as Address;
        const currency = (await sale.currency()) as Address;
        const { holder, price } = await readPool(client, {
          ...{ listing, token, currency, id: listed!.args.id as Hex },
        });

        // Listed at 3 : 4e13; v3 and v4 keep the price's root, to 96 bits after the point.
        const apart = price.currencyUnits * 4n * 10n ** 13n - price.tokenUnits * 3n;
        const parts = ((apart < 0n ? -apart : apart) * 10n ** 18n) / (price.tokenUnits * 3n);
        expect(parts).to.equal(0n);
        const held = await launch.ethers.getContractAt("LaunchToken", token);
        expect(await held.getFunction("balanceOf")(holder)).to.equal(listed!.args.poolTokens);
        await snapshot.restore();
      });
    }
  }
});
