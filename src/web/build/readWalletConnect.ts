import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildError } from "./buildErrors.ts";

export const PACKAGE = "@walletconnect/ethereum-provider";

/** With which WalletConnect a page is built: the project, and the folder of the package. */
export type WalletConnect = { projectId: string; folder: string };

/**
 * What WALLETCONNECT_PROJECT_ID asks for, undefined where nothing. Throws `walletconnect-project-id`, or
 * `walletconnect-missing` where `modules` has no such package as wagmi works with.
 */
export function readWalletConnect(
  env: Readonly<Record<string, string | undefined>>,
  modules: string,
): WalletConnect | undefined {
  const projectId = env["WALLETCONNECT_PROJECT_ID"] ?? "";
  if (projectId === "") return undefined;
  if (!/^[0-9a-f]{32}$/.test(projectId)) {
    throw buildError("walletconnect-project-id", {
      field: "WALLETCONNECT_PROJECT_ID",
      got: projectId,
      wanted: "32 hexadecimal digits in lower case",
      wayOut: "Copy the id of your project from WalletConnect's dashboard, or leave the variable out.",
    });
  }

  const folder = join(modules, PACKAGE);
  const version = versionOf(folder);
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  if (major !== 2 || minor < 21) {
    throw buildError("walletconnect-missing", {
      field: PACKAGE,
      got: version ?? "nothing",
      wanted: "2.21.1 or a later 2.x",
      wayOut: `Run \`npm install --no-save ${PACKAGE}@2\`, or leave WALLETCONNECT_PROJECT_ID out.`,
    });
  }
  return { projectId, folder };
}

function versionOf(folder: string): string | undefined {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, "utf8")) as { version?: string }).version;
}
