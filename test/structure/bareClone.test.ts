import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("a bare clone", () => {
  it("loads the demo before anything is compiled", () => {
    const clone = mkdtempSync(join(tmpdir(), "slipway-bare-"));
    try {
      for (const part of ["package.json", "tsconfig.json", "launch.config.ts", "src", "deploy", "scripts"]) {
        cpSync(join(root, part), join(clone, part), {
          recursive: true,
          filter: (path) => !path.includes("deployments"),
        });
      }
      symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
      const load = "await import('./scripts/demo/runDemo.ts'); console.log('loaded')";
      const args = ["--import", "tsx", "--input-type=module", "--eval", load];
      expect(execFileSync(process.execPath, args, { cwd: clone, encoding: "utf8" })).to.equal("loaded\n");
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  });
});
