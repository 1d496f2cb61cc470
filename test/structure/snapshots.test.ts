import { expect } from "chai";
import { staleSnapshots } from "../../bench/gas.ts";
import { measureGas } from "../../bench/gas/measureGas.ts";
import { measureSize } from "../../bench/gas/measureSize.ts";
import { floor, floorSpending } from "../../bench/gas/reference.ts";
import { traceSpending } from "../../bench/gas/traceSpending.ts";

describe("snapshots", () => {
  it("hold the gas and the code size of this build", async () => {
    expect(await staleSnapshots()).to.deep.equal([]);
  });

  it("are the same on every run", async () => {
    expect(await measureGas()).to.deep.equal(await measureGas());
  });

  it("tell where the gas of a purchase goes, to the unit", async () => {
    let spent = 0;
    const gas = await measureGas(async (launch, hash) => {
      spent = sum(await traceSpending(launch, hash));
    });

    expect(spent).to.equal(gas["erc20First"]);
    expect(sum(floorSpending)).to.equal(floor["erc20First"]);
  });

  it("leave the sale 1.5 kB below the limit of EIP-170", () => {
    expect(measureSize()["Sale"]?.runtime).to.be.at.most(24_576 - 1_536);
  });
});

function sum(parts: Record<string, number>): number {
  return Object.values(parts).reduce((total, part) => total + part, 0);
}
