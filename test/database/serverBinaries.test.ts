import { expect } from "chai";
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installedBinaries, restoreLinks } from "../../src/database/serverBinaries.ts";
import { codeOf } from "./codeOf.ts";

describe("installedBinaries", () => {
  for (const platform of ["sunos-x64", "linux-ia32", "win32-x64"]) {
    it(`says what to do where there are none: ${platform}`, async () => {
      expect(await codeOf(() => installedBinaries(platform))).to.equal("DATABASE_PLATFORM");
    });
  }
});

describe("restoreLinks", () => {
  let native: string;

  beforeEach(() => {
    native = join(mkdtempSync(join(tmpdir(), "slipway-test-")), "native");
    mkdirSync(join(native, "lib"), { recursive: true });
    writeFileSync(join(native, "lib", "libicuuc.so.60.2"), "library");
    writeFileSync(
      join(native, "pg-symlinks.json"),
      JSON.stringify([{ source: "native/lib/libicuuc.so.60.2", target: "native/lib/libicuuc.so.60" }]),
    );
  });

  afterEach(() => rmSync(join(native, ".."), { recursive: true, force: true }));

  it("makes the links that an install without scripts leaves out, once", () => {
    expect(restoreLinks(native)).to.equal(true);
    expect(restoreLinks(native)).to.equal(true);

    const link = join(native, "lib", "libicuuc.so.60");
    expect(lstatSync(link).isSymbolicLink()).to.equal(true);
    expect(readFileSync(link, "utf8")).to.equal("library");
  });

  it("says so where it cannot", () => {
    rmSync(join(native, "lib"), { recursive: true });

    expect(restoreLinks(native)).to.equal(false);
  });
});
