import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { targets } from "../../bench/gas/reference.ts";

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
const gas = JSON.parse(read("snapshots/gas.json")) as Record<string, number>;
const size = JSON.parse(read("snapshots/size.json")) as Record<string, { runtime: number }>;
const shown = (value: number) => value.toLocaleString("en-US");

/** Rows of docs/performance.md, by what they call, and the snapshots that stand in them in this order. */
const ROWS: Record<string, string[]> = {
  "ERC-20 purchase, first / repeat": ["erc20First", "erc20Repeat"],
  "ETH purchase, first / repeat": ["ethFirst", "ethRepeat"],
  "EIP-3009 / ERC-2612, first, no allowance": ["eip3009First", "erc2612First"],
  "ERC-1271 signer, first": ["erc1271First"],
  "vested claim, first / repeat": ["claimFirst", "claimRepeat"],
  "refund ERC-20 / ETH": ["refundErc20", "refundEth"],
  "withdraw ERC-20 / ETH": ["withdrawErc20", "withdrawEth"],
  "calldata of purchase / EIP-3009, bytes": ["calldataBytes", "eip3009CalldataBytes"],
  finalise: ["finalise"],
  "list on v2, pair there / not there": ["listV2WithPair", "listV2WithoutPair"],
  "list on v3, ERC-20 / ETH": ["listV3Erc20", "listV3Eth"],
  "list on v4, ERC-20 / ETH": ["listV4Erc20", "listV4Eth"],
  "deploy one sale, with its token": ["deploy"],
};

describe("the snapshots", () => {
  it("meet every target", () => {
    for (const [name, most] of Object.entries(targets)) expect(gas[name], name).to.be.at.most(most);
  });
});

describe("figures in the documents", () => {
  it("are those of the snapshots, row by row, beside their targets", () => {
    const rows = read("docs/performance.md")
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    for (const [what, names] of Object.entries(ROWS)) {
      const row = rows.find(([, first]) => first === what);
      expect(row?.[2], what).to.equal(names.map((name) => shown(gas[name] ?? NaN)).join(" / "));
      const most = names.map((name) => targets[name]).filter((target) => target !== undefined);
      expect(row?.[3], what).to.equal(most.map(shown).join(" / ") || "–");
    }
  });

  it("are those of the snapshots in the text, too", () => {
    expect(read("README.md")).to.contain(`takes ${shown(gas["erc20First"] ?? NaN)} gas`);
    for (const names of [
      ["listV4Erc20", "listV4Eth"],
      ["listV3Erc20", "listV3Eth"],
      ["listV2WithPair", "listV2WithoutPair"],
      ["strangerOpensV2"],
      ["strangerOpensV3"],
    ]) {
      const figures = names.map((name) => shown(gas[name] ?? NaN)).join(" / ");
      expect(read("docs/listing.md")).to.contain(figures);
    }
    expect(read("docs/performance.md")).to.contain(
      `\`Sale\` has ${shown(size["Sale"]?.runtime ?? NaN)} bytes`,
    );
  });
});
