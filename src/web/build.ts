// Builds the page into dist/web, unless it is there and newer than everything it is made of. With
// WALLETCONNECT_PROJECT_ID it is built anew, with WalletConnect among the wallets.
import { existsSync, globSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { explain, SlipwayError } from "../sdk/problem.ts";
import { readWalletConnect } from "./build/readWalletConnect.ts";
import { RELAY, walletConnectPlugin } from "./build/walletConnectPlugin.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sources = ["src/web/**/*.{ts,tsx,css,html,svg,po}", "src/sdk/**/*.ts", "package-lock.json"];

/** Answers whether it had to build. Readers never see half a page: the new one takes the place of the old one at once. */
export async function buildPage({
  outDir = join(root, "dist/web"),
  env = process.env,
  modules = join(root, "node_modules"),
}: {
  outDir?: string;
  env?: Readonly<Record<string, string | undefined>>;
  /** Where WalletConnect's package is looked for. */
  modules?: string;
} = {}): Promise<{ built: boolean }> {
  const walletConnect = readWalletConnect(env, modules);
  if (walletConnect === undefined && isFresh(outDir)) return { built: false };

  const fresh = `${outDir}.${String(process.pid)}`;
  const nodeEnv = process.env["NODE_ENV"];
  // A test runner's own value would put React's development build, 65 kB more, into the page.
  process.env["NODE_ENV"] = "production";
  try {
    await build({
      configFile: fileURLToPath(new URL("vite.config.ts", import.meta.url)),
      plugins: [walletConnectPlugin(walletConnect)],
      build: { outDir: fresh },
    });
    rmSync(outDir, { recursive: true, force: true });
    renameSync(fresh, outDir);
  } finally {
    if (nodeEnv === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = nodeEnv;
    rmSync(fresh, { recursive: true, force: true });
  }
  return { built: true };
}

function isFresh(outDir: string): boolean {
  const page = join(outDir, "index.html");
  if (!existsSync(page) || readFileSync(page, "utf8").includes(RELAY)) return false;
  const newest = globSync(sources, { cwd: root }).map((file) => statSync(join(root, file)).mtimeMs);
  return statSync(page).mtimeMs > Math.max(...newest);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    const { built } = await buildPage();
    console.log(built ? "Built dist/web." : "dist/web is up to date.");
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    console.error(explain(error));
    process.exitCode = 1;
  }
}
