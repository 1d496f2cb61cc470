import type { Launch } from "../../test/support/saleOnUniswapV2.ts";
import { floorSpending } from "./reference.ts";

type Step = { op: string; gas: number; gasCost: number; depth: number };
type Spending = typeof floorSpending;

/** What one call of a sale spent its gas on, from the EVM's own trace; the parts add up to its receipt's gas. */
export async function traceSpending({ ethers, connection }: Launch, hash: string): Promise<Spending> {
  const transaction = (await ethers.provider.getTransaction(hash))!;
  const options = { disableMemory: true, disableStack: true, disableStorage: true };
  const trace = (await connection.provider.request({
    method: "debug_traceTransaction",
    params: [hash, options],
  })) as { structLogs: Step[] };

  const bytes = ethers.getBytes(transaction.data);
  const spent = Object.fromEntries(Object.keys(floorSpending).map((name) => [name, 0])) as Spending;
  spent.transaction = 21_000;
  spent.calldata = bytes.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0);
  trace.structLogs.forEach((step, i) => {
    const cost = costOf(trace.structLogs, i);
    spent[partOf(step, cost)] += cost;
  });
  return spent;
}

/** The gas gone between a step and the next one of its call, less what was spent inside where the step is a call. */
function costOf(steps: readonly Step[], i: number): number {
  const step = steps[i]!;
  const next = steps[i + 1];
  if (!next || next.depth < step.depth) return step.gasCost;
  if (next.depth === step.depth) return step.gas - next.gas;

  const back = steps.findIndex((other, k) => k > i && other.depth === step.depth);
  const last = steps[back - 1]!;
  return step.gas - steps[back]!.gas - (next.gas - (last.gas - last.gasCost));
}

/** The outermost call is the sale's, calls inside go to a token or a payee; ecrecover asks 3,000 beside its call. */
function partOf({ op, depth }: Step, cost: number): keyof Spending {
  const inSale = depth === 1;
  if (op === "SLOAD" || op === "SSTORE") return inSale ? "saleSlots" : "tokenSlots";
  if (op === "TLOAD" || op === "TSTORE") return "guard";
  if (op.startsWith("LOG")) return inSale ? "saleLog" : "tokenLog";
  if (op === "STATICCALL" && cost === 3_100) return "ecrecover";
  if (op === "STATICCALL" || op === "CALL") return "calls";
  return "code";
}
