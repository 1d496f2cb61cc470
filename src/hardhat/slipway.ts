// slipway verify <chainId>:<sale> --rpc <url> [--launch file] [--out folder] [--json]
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { getAddress, isAddress, type Address } from "viem";
import { systemClock } from "../chain/clock.ts";
import { createRpcPool } from "../chain/rpcPool.ts";
import { launchError } from "../launch/launchErrors.ts";
import { readLaunchFile } from "../launch/readLaunchFile.ts";
import { describeVerification } from "../launch/verify/describeVerification.ts";
import { verificationPage } from "../launch/verify/verificationPage.ts";
import { verifySale } from "../launch/verify/verifySale.ts";
import { stringify } from "../sdk/json.ts";
import { runTask } from "./tasks/runTask.ts";

const USAGE = `slipway verify <chainId>:<sale> --rpc <url> [--launch file] [--out folder] [--json]

Recomputes a launch from a node alone: code and addresses, terms, the whole history, where every unit lies.
Exits with 1 on any difference. --launch compares with a launch file; --out writes verify.json and verify.html.`;

/** The `slipway` command; answers its exit code. */
export async function slipway(argv: readonly string[]): Promise<void> {
  const json = argv.includes("--json");
  if (argv.length === 0 || argv.includes("--help")) {
    console.log(USAGE);
    return;
  }
  const verification = await runTask({
    json,
    work: async () => {
      const { chainId, sale, rpc, launchFile, out } = readArguments(argv);
      const launch = launchFile === undefined ? undefined : await readLaunchFile(resolve(launchFile));
      const pool = createRpcPool({ urls: [rpc], clock: systemClock, attempts: 4 });
      const verified = await verifySale({ chainId, sale, pool, launch });
      if (out !== undefined) {
        await mkdir(out, { recursive: true });
        await writeFile(join(out, "verify.json"), `${stringify(verified, 2)}\n`);
        await writeFile(join(out, "verify.html"), verificationPage(verified));
      }
      return verified;
    },
    words: describeVerification,
  });
  if (verification?.ok === false) process.exitCode = 1;
}

type Arguments = {
  chainId: number;
  sale: Address;
  rpc: string;
  launchFile: string | undefined;
  out: string | undefined;
};

/** Throws `usage`. */
function readArguments(argv: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        rpc: { type: "string" },
        launch: { type: "string" },
        out: { type: "string" },
        json: { type: "boolean" },
      },
    });
    const [command, target = "", ...rest] = positionals;
    const [, chainId, sale = ""] = /^(\d+):(0x[0-9a-fA-F]{40})$/.exec(target) ?? [];
    if (
      command !== "verify" ||
      chainId === undefined ||
      !isAddress(sale, { strict: false }) ||
      rest.length > 0
    ) {
      throw launchError("usage", USAGE);
    }
    if (values.rpc === undefined || !URL.canParse(values.rpc))
      throw launchError("usage", "--rpc <url> is missing");
    const { rpc, launch: launchFile, out } = values;
    return { chainId: Number(chainId), sale: getAddress(sale), rpc, launchFile, out };
  } catch (error) {
    if (error instanceof TypeError) throw launchError("usage", error.message);
    throw error;
  }
}
