import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { launchErrors } from "../../src/launch/launchErrors.ts";

const root = new URL("../../", import.meta.url);

describe("the commands' error catalogue", () => {
  const sources = ["src/launch", "src/hardhat"]
    .flatMap((folder) => {
      const path = fileURLToPath(new URL(folder, root));
      return readdirSync(path, { recursive: true, encoding: "utf8" }).map((file) => `${path}/${file}`);
    })
    .filter((file) => file.endsWith(".ts") && !file.endsWith("launchErrors.ts"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");

  it("has each of its codes in use", () => {
    const unused = Object.keys(launchErrors).filter((code) => !sources.includes(`"${code}"`));
    expect(unused).to.deep.equal([]);
  });

  it("is in the documentation, with meaning and way out", () => {
    const page = readFileSync(new URL("docs/errors.md", root), "utf8").replace(/ +\|/g, " |");
    const [commands = ""] = page.split("## Contracts");
    const documented = [...commands.matchAll(/^\| `([a-z-]+)` +\| +(.*?) +\| +(.*?) +\|$/gm)].map((row) =>
      row.slice(1).map((cell) => cell.trim()),
    );
    const catalogue = Object.entries(launchErrors)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, { title, wayOut }]) => [code, title, wayOut.replaceAll("|", "\\|")]);
    expect(documented).to.deep.equal(catalogue);
  });
});
