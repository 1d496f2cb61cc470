import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { campaignFile } from "../invariants/campaignFile.ts";
import { chunksOf } from "../invariants/chunksOf.ts";
import { raidFile } from "../listing/raidFile.ts";
import type { Compiled } from "./compileMutant.ts";
import type { Run } from "./worker.ts";

const SECONDS = 300;
/** As long as a part of the campaign of `npm run prove -- invariants`, times two. */
const CALLS = 40_000;
const campaign = { ...chunksOf(CALLS, "slipway")[0]!, CAMPAIGN_CALLS: String(CALLS) };

const venuesFile = "test/contracts/Venues.t.sol";
const leash = fileURLToPath(new URL("../../scripts/leash.cjs", import.meta.url));
const config = fileURLToPath(new URL("hardhat.config.ts", import.meta.url));
const worker = fileURLToPath(new URL("worker.ts", import.meta.url));

export type Kind = "solidity" | "venues" | "typescript" | "campaign";
export type Bench = ReturnType<typeof createBench>;

/**
 * A copy of the artifacts in which changed contracts take the place of the real ones, and the tests upon it. Of this process
 * alone: two runs at once would try each other's mutants.
 */
export function createBench(root: string, name: string) {
  const folder = join(root, ".slipway/mutate", `${name}-${String(process.pid)}`);
  const artifacts = join(folder, "artifacts");
  rmSync(folder, { recursive: true, force: true });
  for (const part of ["artifacts", "cache"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  const env = {
    ...process.env,
    HARDHAT_CONFIG: config,
    MUTANT_ARTIFACTS: artifacts,
    HARDHAT_CACHE: join(folder, "cache"),
  };
  let solidity: ReturnType<typeof startSolidity> | undefined;

  function put(compiled: readonly Compiled[]): void {
    for (const { file, name, ...changed } of compiled) {
      const path = join(file, `${name}.json`);
      const artifact = JSON.parse(readFileSync(join(root, "artifacts", path), "utf8")) as object;
      writeFileSync(join(artifacts, path), JSON.stringify({ ...artifact, ...changed }));
    }
  }

  function restore(compiled: readonly Compiled[]): void {
    for (const { file, name } of compiled) {
      cpSync(join(root, "artifacts", file, `${name}.json`), join(artifacts, file, `${name}.json`));
    }
  }

  /** Whether any test of these kinds notices. */
  async function fails(
    compiled: readonly Compiled[],
    kinds: readonly Kind[],
    grep?: string,
  ): Promise<boolean> {
    for (const kind of kinds) {
      // These are chosen by the venue, not by the name of a test.
      if (kind === "venues" && grep !== undefined) continue;
      if (await kindFails(kind, compiled, grep)) return true;
    }
    return false;
  }

  /** Whether a test of this kind notices. Without end counts as noticed. */
  async function kindFails(kind: Kind, compiled: readonly Compiled[], grep = ""): Promise<boolean> {
    put(compiled);
    try {
      if (kind === "typescript") return await typescriptFails(grep, compiled);
      if (kind === "campaign")
        return await solidityFails({ files: [campaignFile], grep, environment: campaign });
      if (kind === "venues")
        return await solidityFails({
          files: [venuesFile, raidFile],
          grep: testsOn(compiled),
          environment: {},
        });
      const files = globSync("test/contracts/*.t.sol", { cwd: root }).sort();
      return await solidityFails({ files, grep, environment: {} });
    } finally {
      restore(compiled);
    }
  }

  async function solidityFails(run: Run): Promise<boolean> {
    solidity ??= startSolidity();
    const { child, died } = solidity;
    const answered = once(child, "message") as Promise<[boolean]>;
    child.send(run);
    const limit = setTimeout(() => child.kill("SIGKILL"), SECONDS * 1000);
    const [passed] = await Promise.race([answered, died]);
    clearTimeout(limit);
    return !passed;
  }

  function startSolidity() {
    const child = spawn(process.execPath, ["--require", leash, "--import", "tsx", worker], {
      ...{ cwd: root, env, stdio: ["ignore", "ignore", "inherit", "ipc"] },
    });
    const died = once(child, "exit").then((): [boolean] => {
      solidity = undefined;
      return [false];
    });
    return { child, died };
  }

  function typescriptFails(grep: string, compiled: readonly Compiled[]): Promise<boolean> {
    const only = grep === "" ? [] : ["--grep", grep];
    const own = compiled.map(({ name }) => `${name.toLowerCase()}.test.ts`);
    const files = globSync("test/sale/*.test.ts", { cwd: root });
    files.sort((a, b) => Number(own.includes(named(b))) - Number(own.includes(named(a))) || (a < b ? -1 : 1));
    return hardhat(["test", "mocha", "--no-compile", "--bail", ...only, ...files]);
  }

  /** True when it ends in an error. */
  async function hardhat(args: readonly string[]): Promise<boolean> {
    const child = spawn(join(root, "node_modules/.bin/hardhat"), ["--config", config, ...args], {
      ...{ cwd: root, env, stdio: "ignore", timeout: SECONDS * 1000, killSignal: "SIGKILL" },
    });
    const [code] = (await once(child, "close")) as [number | null];
    return code !== 0;
  }

  async function end(): Promise<void> {
    const last = solidity;
    last?.child.disconnect();
    await last?.died;
    rmSync(folder, { recursive: true, force: true });
  }

  return { fails, kindFails, end };
}

/** Those first that are likely to notice, and fast: venues are tested in TypeScript and by the adversary, the rest in Solidity. */
export function testsFor(compiled: readonly Compiled[]): Kind[] {
  const venues = compiled.every(({ file }) => file.startsWith("contracts/venues/"));
  return venues ? ["venues", "typescript", "solidity"] : ["solidity", "typescript"];
}

/** Tests of a venue are called test_v2_…; all of them where no venue changed. */
function testsOn(compiled: readonly Compiled[]): string {
  const versions = compiled.flatMap(({ name }) => /^VenueV(\d)$/.exec(name)?.[1] ?? []);
  return versions.length === 0 ? "" : `test_v[${versions.join("")}]`;
}

function named(file: string): string {
  return basename(file).toLowerCase();
}
