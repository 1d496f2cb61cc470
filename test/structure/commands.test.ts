import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = fileURLToPath(new URL("../../", import.meta.url));

function run(folder: "bench" | "prove", ...args: string[]) {
  return spawnSync(process.execPath, [`${folder}/main.ts`, ...args], { cwd: root, encoding: "utf8" });
}

describe("bench and prove", () => {
  for (const folder of ["bench", "prove"] as const) {
    it(`list what ${folder} can do, each with its options`, () => {
      const files = readdirSync(`${root}${folder}`).filter(
        (file) => file.endsWith(".ts") && file !== "main.ts",
      );
      const { stdout, status } = run(folder);
      expect(status).to.equal(0);
      const listed = stdout.trim().split("\n");
      expect(listed).to.have.length(files.length);
      for (const [index, file] of files.sort().entries()) {
        const name = file.replace(".ts", "");
        expect(listed[index]).to.match(new RegExp(`^ *npm run ${folder} -- ${name} .*\\[--json\\].*: .`));
      }
    });
  }

  it("refuse a command and an option that are not there, with what is", () => {
    const command = run("bench", "gass");
    expect(command.status).to.equal(1);
    expect(command.stderr)
      .to.contain("npm run bench -- gass: no such command")
      .and.contain("npm run bench -- gas ");

    const option = run("bench", "gas", "--chekc");
    expect(option.status).to.equal(1);
    expect(option.stderr)
      .to.contain("'--chekc'")
      .and.contain("[--write | --check]")
      .and.not.contain("    at ");
  });
});
