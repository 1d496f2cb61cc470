import { zeroPadValue } from "ethers";
import type { Address } from "viem";
import { GRANT_ROOT, lockUntil, modules, treasury, type SimBlock } from "./SimChain.ts";

type Word = string | bigint | number;

/** What the contracts of the model answer at a block, as words; undefined where there is none. */
export function viewOf(
  block: SimBlock,
  to: string,
  name: string,
  args: readonly unknown[],
): string[] | undefined {
  const key = (value: unknown) => String(value).toLowerCase() as Address;
  if (to.toLowerCase() === modules.vesting) {
    const sale = block.sales.get(key(args[0]));
    const none = [0, 0, 0, 0];
    return words(sale?.granted === true ? [treasury, GRANT_ROOT, sale.remaining, treasury] : none);
  }
  if (to.toLowerCase() === modules.venue) {
    const sale = [...block.sales.values()].find(({ pool }) => pool === key(args[0]));
    return words(sale === undefined || sale.locked === 0n ? [0, 0, 0] : [treasury, lockUntil, sale.locked]);
  }
  const sale = block.sales.get(key(to));
  if (sale === undefined) return undefined;
  const position = sale.positions.get(key(args[0]));
  const signer = sale.signers.get(key(args[0]));
  const { history, raised, phase, stage, pausedUntil, settledAt, listedAt, credits } = sale;
  const answers: Record<string, readonly Word[]> = {
    history: [history.padEnd(66, "0")],
    ...{ raised: [raised], phase: [phase], stage: [stage], owner: [0], token: [0] },
    ...{ pausedUntil: [pausedUntil], settledAt: [settledAt], listedAt: [listedAt], credits },
    signerOf: [signer?.status ?? 0, signer?.maxCap ?? 0, signer?.maxWindow ?? 0],
    positionOf: [position?.paid ?? 0, position?.claimed ?? 0, position?.nonce ?? 0, block.time],
    ejectedOf: [position?.ejected ?? 0],
  };
  return words(answers[name] ?? []);
}

function words(values: readonly Word[]): string[] {
  return values.map((value) =>
    typeof value === "string" ? zeroPadValue(value, 32).slice(2) : value.toString(16).padStart(64, "0"),
  );
}
