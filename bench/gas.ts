// npm run bench -- gas [--json] [--write | --check]: gas of every call a buyer makes, beside peers and floor.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import hre from "hardhat";
import { measureGas, TRACED } from "./gas/measureGas.ts";
import { measureSize } from "./gas/measureSize.ts";
import { floor, floorSpending, peers, targets } from "./gas/reference.ts";
import { traceSpending } from "./gas/traceSpending.ts";

const snapshots = fileURLToPath(new URL("../snapshots/", import.meta.url));

/** What differs between the committed snapshots and this build; empty where nothing does. */
export async function staleSnapshots(): Promise<string[]> {
  const texts = { "gas.json": json(await measureGas()), "size.json": json(measureSize()) };
  return Object.entries(texts).flatMap(([file, text]) => differences(file, text));
}

export async function run(args: readonly string[]): Promise<void> {
  const flag = { type: "boolean", default: false } as const;
  const options = { check: flag, write: flag, json: flag };
  const { check, write, json: asJson } = parseArgs({ args: [...args], options }).values;
  await hre.tasks.getTask("build").run({ noTests: true, quiet: true });

  if (check) {
    const stale = await staleSnapshots();
    if (stale.length === 0) return;
    console.error(`✗ snapshots differ (npm run bench -- gas --write):\n  ${stale.join("\n  ")}`);
    process.exitCode = 1;
    return;
  }

  const spending: Record<string, Record<string, number>> = {};
  const gas = await measureGas(async (name, launch, hash) => {
    spending[name] = await traceSpending(launch, hash);
  });
  const size = measureSize();
  if (write) {
    writeFileSync(`${snapshots}gas.json`, json(gas));
    writeFileSync(`${snapshots}size.json`, json(size));
  }

  print("measured", ["gas", "target", "floor"], (row) => {
    for (const [name, got] of Object.entries(gas)) row(name, [got, targets[name], floor[name]]);
  });
  print("spent on", ["(floor)", ...TRACED], (row) => {
    for (const [part, least] of Object.entries(floorSpending)) {
      row(part, [least, ...TRACED.map((name) => spending[name]?.[part])]);
    }
    row("together", [floor["erc20First"], ...TRACED.map((name) => gas[name])]);
    row("floor", [undefined, ...TRACED.map((name) => floor[name])]);
  });
  print("beside others", ["first", "repeat", "claim", "refund", "deploy"], (row) => {
    for (const p of peers) row(p.system, [p.first, p.repeat, p.claim, p.refund, p.deploy]);
    const ours = ["erc20First", "erc20Repeat", "claimFirst", "refundErc20", "deploy"].map(
      (name) => gas[name],
    );
    row("Slipway, ERC-20", ours);
  });
  print("bytes of code", ["runtime", "creation"], (row) => {
    for (const [name, { runtime, init }] of Object.entries(size)) row(name, [runtime, init]);
  });
  if (asJson) console.log(JSON.stringify(gas));
}

type Row = (name: string, cells: readonly (number | undefined)[]) => void;

function print(title: string, columns: readonly string[], fill: (row: Row) => void): void {
  const line = (name: string, cells: readonly string[]) =>
    console.log(`  ${name.padEnd(26)}${cells.map((cell) => cell.padStart(12)).join("")}`);
  line(title, columns);
  fill((name, cells) =>
    line(
      name,
      cells.map((cell) => cell?.toLocaleString("en-US") ?? "–"),
    ),
  );
  console.log();
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function differences(file: string, text: string): string[] {
  const wanted = JSON.parse(readFileSync(`${snapshots}${file}`, "utf8")) as Record<string, unknown>;
  const got = JSON.parse(text) as Record<string, unknown>;
  return [...new Set([...Object.keys(wanted), ...Object.keys(got)])]
    .filter((name) => JSON.stringify(wanted[name]) !== JSON.stringify(got[name]))
    .map(
      (name) => `${file} ${name}: ${JSON.stringify(got[name])}, committed ${JSON.stringify(wanted[name])}`,
    );
}
