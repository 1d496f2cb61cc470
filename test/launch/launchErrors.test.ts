import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { deployErrors } from "../../deploy/deployErrors.ts";
import { launchErrors } from "../../src/launch/launchErrors.ts";

const root = new URL("../../", import.meta.url);

describe("the error catalogues of commands and deployment", () => {
  const sources = ["src/launch", "src/hardhat", "deploy"]
    .flatMap((folder) => {
      const path = fileURLToPath(new URL(folder, root));
      return readdirSync(path, { recursive: true, encoding: "utf8" }).map((file) => `${path}/${file}`);
    })
    .filter((file) => file.endsWith(".ts") && !/(launch|deploy)Errors\.ts$/.test(file))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");

  it("has each of its codes in use", () => {
    const unused = Object.keys({ ...launchErrors, ...deployErrors }).filter(
      (code) => !sources.includes(`"${code}"`),
    );
    expect(unused).to.deep.equal([]);
  });

  it("is in the documentation, with meaning and way out", () => {
    const page = readFileSync(new URL("docs/errors.md", root), "utf8").replace(/ +\|/g, " |");
    for (const [heading, catalogue] of [
      ["Commands", launchErrors],
      ["Deployment", deployErrors],
    ] as const) {
      const [section = ""] = (page.split(`## ${heading}\n`)[1] ?? "").split("\n## ");
      const documented = [...section.matchAll(/^\| `([a-z-]+)` +\| +(.*?) +\| +(.*?) +\|$/gm)].map((row) =>
        row.slice(1).map((cell) => cell.trim()),
      );
      const wanted = Object.entries<{ title: string; wayOut: string }>(catalogue)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([code, { title, wayOut }]) => [code, title, wayOut.replaceAll("|", "\\|")]);
      expect(documented).to.deep.equal(wanted);
    }
  });
});
