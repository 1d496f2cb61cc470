import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { indexerErrors } from "../../src/sdk/indexerErrors.ts";

const root = new URL("../../", import.meta.url);

describe("the error catalogue of the indexer and its chain reader", () => {
  const sources = ["src/indexer", "src/chain"]
    .map((path) => fileURLToPath(new URL(path, root)))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => readFileSync(`${folder}/${file}`, "utf8")),
    )
    .join("\n");

  it("has every code that is thrown, and each of its codes is used", () => {
    const thrown = [...sources.matchAll(/indexerError\(\s*"([a-z-]+)"/g)].map(([, code]) => code ?? "");
    expect(thrown.filter((code) => !(code in indexerErrors))).to.deep.equal([]);
    const unused = Object.keys(indexerErrors).filter((code) => !sources.includes(`"${code}"`));
    expect(unused).to.deep.equal([]);
  });

  it("is in the documentation, with status, meaning and way out", () => {
    const page = readFileSync(new URL("docs/indexer.md", root), "utf8").replace(/ +\|/g, " |");
    const documented = [...page.matchAll(/^\| `([a-z-]+)` +\| +(\d{3}) +\| (.*?) +\| (.*?) +\|$/gm)].map(
      (row) => row.slice(1).map((cell) => cell.trim()),
    );
    const catalogue = Object.entries(indexerErrors).map(([code, { status, title, wayOut }]) => [
      code,
      String(status),
      title,
      wayOut,
    ]);
    expect(documented).to.deep.equal(catalogue);
  });
});
