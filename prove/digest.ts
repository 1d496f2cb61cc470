// npm run prove -- digest [--cases N] [--seed S] [--json]: TypeScript and Solidity hash vouchers, terms and history alike.
// Each case is one random voucher, one random `Terms` and one more entry of a running history.
import { parseArgs } from "node:util";
import hre, { network } from "hardhat";
import type { Hex } from "viem";
import { historyKinds, historyNext, historyStart } from "../src/sdk/history.ts";
import { termsHash } from "../src/sdk/terms.ts";
import { voucherDigest } from "../src/sdk/voucher.ts";
import { startLaunch } from "../test/support/saleOnUniswapV2.ts";
import type { DigestHarness } from "../types/ethers-contracts/index.js";
import { wholeNumber } from "../scripts/wholeNumber.ts";
import { createRandom, type Random } from "./digest/createRandom.ts";
import { randomCase } from "./digest/randomCase.ts";

// Small, as the EVM is slow where a call grows its memory by much.
const BATCH = 25;
const CHAINS = [1, 10, 31_337, 42_161, 2 ** 53 - 1];

type Mismatch = { what: string; typescript: string; solidity: string; input: unknown };

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cases: { type: "string", default: "100000" },
      seed: { type: "string", default: "slipway" },
      json: { type: "boolean", default: false },
    },
  });
  const { seed, json } = values;
  const cases = wholeNumber("--cases", values.cases);
  await hre.tasks.getTask("build").run({ noTests: true, quiet: true });

  const random = createRandom(seed);
  const saleCode = await codeOfSale();
  const mismatches: Mismatch[] = [];
  let done = 0;
  for (const [index, chainId] of CHAINS.entries()) {
    const share = Math.floor((cases * (index + 1)) / CHAINS.length);
    mismatches.push(...(await compareOn(chainId, saleCode, share - done, random)));
    done = share;
    console.log(`${done.toLocaleString("en-US")} cases, ${mismatches.length} mismatches`);
  }

  for (const mismatch of mismatches.slice(0, 5)) console.error(describe(mismatch));
  if (mismatches.length > 0) process.exitCode = 1;
  if (json) console.log(JSON.stringify({ cases, mismatches: mismatches.length, seed }));
}

/** The runtime code of a real sale: on other chains and at other addresses it makes its domain anew. */
async function codeOfSale(): Promise<string> {
  const launch = await startLaunch();
  try {
    return await launch.ethers.provider.getCode(await (await launch.deploySale()).getAddress());
  } finally {
    await launch.connection.close();
  }
}

async function compareOn(
  chainId: number,
  saleCode: string,
  cases: number,
  random: Random,
): Promise<Mismatch[]> {
  const connection = await network.create({
    override: { hardfork: "prague", chainId },
  });
  try {
    const harness = (await connection.ethers.deployContract("DigestHarness")) as unknown as DigestHarness;
    const mismatches: Mismatch[] = [];
    for (let done = 0; done < cases; done += BATCH) {
      const sale: Hex = `0x${random.bytes(20).toString("hex")}`;
      await connection.provider.request({ method: "hardhat_setCode", params: [sale, saleCode] });
      mismatches.push(
        ...(await compareBatch(harness, { chainId, sale }, Math.min(BATCH, cases - done), random)),
      );
    }
    return mismatches;
  } finally {
    await connection.close();
  }
}

async function compareBatch(
  harness: DigestHarness,
  of: { chainId: number; sale: Hex },
  count: number,
  random: Random,
): Promise<Mismatch[]> {
  const cases = Array.from({ length: count }, () => randomCase(random));
  const root = random.hex(32);
  const domain = await harness.domainOf(of.sale);

  const digests = await harness.voucherDigests(
    of.sale,
    cases.map(({ buyer }) => buyer),
    cases.map(({ voucher }) => voucher),
  );
  const hashes = await harness.termsHashes(cases.map(({ terms }) => terms));
  const histories = await harness.histories(
    domain,
    root,
    cases.map(({ entry }) => ({ ...entry, kind: historyKinds.indexOf(entry.kind) })),
  );

  const mismatches: Mismatch[] = [];
  const compare = (what: string, typescript: string, solidity: string | undefined, input: unknown) => {
    if (typescript !== solidity) mismatches.push({ what, typescript, solidity: solidity ?? "none", input });
  };
  let history = historyStart({ ...of, termsHash: root });
  compare("history before any entry", history, histories[0], { ...of, root });
  for (const [index, each] of cases.entries()) {
    const { buyer, voucher, terms, entry } = each;
    compare("voucher", voucherDigest({ ...of, buyer, voucher }), digests[index], { ...of, buyer, voucher });
    compare("terms", termsHash(terms), hashes[index], terms);
    const next = historyNext(history, entry);
    compare("history", next, histories[index + 1], { history, entry });
    history = next;
  }
  return mismatches;
}

function describe({ what, typescript, solidity, input }: Mismatch): string {
  const shown = JSON.stringify(input, (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  return `✗ ${what}: TypeScript ${typescript}, Solidity ${solidity}\n  ${shown}`;
}
