import { expect } from "chai";
import { fileURLToPath } from "node:url";
import { importProblems, problemsOf } from "../../scripts/check/importDirections.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("imports", () => {
  it("go one way in the whole repository", () => {
    expect(importProblems(root)).to.deep.equal([]);
  });

  const refused: [file: string, line: string][] = [
    ["src/sdk/a.ts", 'import { b } from "../chain/b.ts";'],
    ["src/sdk/a.ts", 'import type { B } from "../chain/b.ts";'],
    ["src/sdk/a.ts", 'export { b } from "../database/b.ts";'],
    ["src/sdk/a.ts", 'const b = await import("../launch/b.ts");'],
    ["src/sdk/a.ts", 'import { readFile } from "node:fs";'],
    ["src/database/a.ts", 'import { b } from "../sdk/b.ts";'],
    ["src/signer/a.ts", 'import { b } from "../indexer/b.ts";'],
    ["src/indexer/deep/a.ts", 'import { b } from "../../signer/b.ts";'],
    ["src/web/a.tsx", 'import { b } from "../chain/b.ts";'],
    ["src/web/a.tsx", 'import { Pool } from "pg";'],
    ["src/launch/a.ts", 'import { b } from "../signer/b.ts";'],
    ["src/chain/a.ts", 'import { b } from "../../test/support/b.ts";'],
    ["src/chain/a.ts", 'import { b } from "../../../elsewhere/b.ts";'],
    ["scripts/a.ts", 'import { b } from "../src/signer/b.ts";'],
    ["src/utils/a.ts", ""],
  ];
  for (const [file, line] of refused) {
    it(`refuses in ${file}: ${line}`, () => {
      expect(problemsOf(file, line)).to.have.lengthOf(1);
    });
  }

  const allowed: [file: string, line: string][] = [
    ["src/sdk/a.ts", 'import { keccak256 } from "viem";'],
    ["src/sdk/deep/a.ts", 'import { b } from "../b.ts";'],
    ["src/sdk/a.ts", '// import { b } from "../chain/b.ts";'],
    ["src/signer/a.ts", 'import { b } from "../chain/b.ts"; import { c } from "../database/c.ts";'],
    ["src/launch/a.ts", 'import { b } from "../../deploy/modules/b.ts";'],
    ["test/flow/a.test.ts", 'import { b } from "../../src/signer/b.ts";'],
  ];
  for (const [file, line] of allowed) {
    it(`allows in ${file}: ${line}`, () => {
      expect(problemsOf(file, line)).to.deep.equal([]);
    });
  }
});
