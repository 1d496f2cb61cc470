import { open, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import type { Hex } from "viem";
import { stringify } from "../../sdk/json.ts";
import { launchError } from "../launchErrors.ts";

/** A transaction as it was signed: written down before it is broadcast, and broadcast again as it is. */
export type SignedStep = {
  /** Place in the plan, from 0. */
  step: number;
  nonce: number;
  raw: Hex;
  hash: Hex;
  gas: bigint;
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
};

export type Journal = {
  /** In the order they were signed; those of one nonce replace one another. */
  signed: readonly SignedStep[];
  /** Resolves once it is on the disk. */
  append: (entry: SignedStep) => Promise<void>;
};

/**
 * A file of JSON lines, the first of which names the plan. A last line that was cut off by a crash is left out: nothing is
 * broadcast before its line is on the disk. Throws `journal-other-plan`, `journal-unreadable`.
 */
export async function openJournal(path: string, planHash: Hex): Promise<Journal> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const [first, ...lines] = whole.split("\n").filter((line) => line !== "");
  const signed = lines.map((line) => readEntry(line, path));

  if (first !== undefined && (parse(first, path) as { plan?: unknown }).plan !== planHash) {
    throw launchError("journal-other-plan", path);
  }
  if (whole !== text) await truncate(path, Buffer.byteLength(whole));
  if (first === undefined) await write(stringify({ plan: planHash }));
  await syncFolder(path);

  async function write(line: string): Promise<void> {
    const file = await open(path, "a");
    try {
      await file.appendFile(`${line}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }
  return {
    signed,
    append: async (entry) => {
      await write(stringify(entry));
      signed.push(entry);
    },
  };
}

type Amounts = "gas" | "maxFeePerGas" | "maxPriorityFeePerGas";

function readEntry(line: string, path: string): SignedStep {
  const entry = parse(line, path) as Omit<SignedStep, Amounts> & Record<Amounts, string>;
  return {
    ...entry,
    gas: BigInt(entry.gas),
    maxFeePerGas: BigInt(entry.maxFeePerGas),
    maxPriorityFeePerGas: BigInt(entry.maxPriorityFeePerGas),
  };
}

function parse(line: string, path: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw launchError("journal-unreadable", path, { cause });
  }
}

/** So that the file itself outlives a crash of the machine. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(dirname(path));
  await folder.sync();
  await folder.close();
}
