import { expect } from "chai";
import { staleSnapshots } from "../../bench/gas.ts";
import { measureGas } from "../../bench/gas/measureGas.ts";
import { measureSize } from "../../bench/gas/measureSize.ts";

describe("snapshots", () => {
  it("hold the gas and the code size of this build", async () => {
    expect(await staleSnapshots()).to.deep.equal([]);
  });

  it("are the same on every run", async () => {
    expect(await measureGas()).to.deep.equal(await measureGas());
  });

  it("leave the sale 1.5 kB below the limit of EIP-170", () => {
    expect(measureSize()["Sale"]?.runtime).to.be.at.most(24_576 - 1_500);
  });
});
