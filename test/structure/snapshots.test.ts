import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { staleSnapshots } from "../../bench/gas.ts";
import { measureGas, TRACED } from "../../bench/gas/measureGas.ts";
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

  it("tell where the gas of a call goes, to the unit, as docs/performance.md does", async () => {
    const spent: Record<string, Record<string, number>> = {};
    const gas = await measureGas(async (name, launch, hash) => {
      spent[name] = await traceSpending(launch, hash);
    });

    for (const name of TRACED) expect(sum(spent[name] ?? {}), name).to.equal(gas[name]);
    expect(sum(floorSpending)).to.equal(floor["erc20First"]);
    const rows = Object.keys(floorSpending).map((part) => TRACED.map((name) => spent[name]?.[part] ?? NaN));
    expect(shownInDocument()).to.deep.equal(rows);
  });

  it("leave the sale 1.5 kB below the limit of EIP-170", () => {
    expect(measureSize()["Sale"]?.runtime).to.be.at.most(24_576 - 1_536);
  });
});

/** The parts of each traced call, as the table of docs/performance.md has them, in the order of `floorSpending`. */
function shownInDocument(): number[][] {
  const text = readFileSync(fileURLToPath(new URL("../../docs/performance.md", import.meta.url)), "utf8");
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.startsWith("| spent on ")) + 2;
  return lines.slice(first, first + Object.keys(floorSpending).length).map((line) => {
    const cells = line.split("|").slice(3, 3 + TRACED.length);
    return cells.map((cell) => Number(cell.trim().replace("–", "0").replaceAll(",", "")));
  });
}

function sum(parts: Record<string, number>): number {
  return Object.values(parts).reduce((total, part) => total + part, 0);
}
