import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { deployErrors } from "../../deploy/deployErrors.ts";
import { launchErrors } from "../../src/launch/launchErrors.ts";
import { launchFileErrors } from "../../src/sdk/launchFile/launchFileErrors.ts";

const root = new URL("../../", import.meta.url);

describe("the error catalogues of commands, launch file and deployment", () => {
  const sources = ["src/launch", "src/hardhat", "src/sdk/launchFile", "deploy"]
    .flatMap((folder) => {
      const path = fileURLToPath(new URL(folder, root));
      return readdirSync(path, { recursive: true, encoding: "utf8" }).map((file) => `${path}/${file}`);
    })
    .filter((file) => file.endsWith(".ts") && !/(launch|launchFile|deploy)Errors\.ts$/.test(file))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");

  it("has each of its codes in use", () => {
    const unused = Object.keys({ ...launchErrors, ...launchFileErrors, ...deployErrors }).filter(
      (code) => !sources.includes(`"${code}"`),
    );
    expect(unused).to.deep.equal([]);
  });

  it("has every code that a problem is told with", () => {
    const told = [...sources.matchAll(/\bcode: "([a-z-]+)"/g)].map(([, code = ""]) => code);
    expect(
      told.filter((code) => !(code in { ...launchErrors, ...launchFileErrors, ...deployErrors })),
    ).to.deep.equal([]);
    expect(told).to.include.members(Object.keys(launchFileErrors));
  });

  it("is in the documentation, with meaning and way out", () => {
    const page = readFileSync(new URL("docs/errors.md", root), "utf8").replace(/ +\|/g, " |");
    for (const [heading, catalogue] of [
      ["Commands", launchErrors],
      ["Launch file", launchFileErrors],
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
