import {
  BaseError,
  keccak256,
  type Hex,
  type LocalAccount,
  type PublicClient,
  type TransactionReceipt,
} from "viem";
import type { Clock } from "../../chain/clock.ts";
import { contractErrorOf } from "../../sdk/contractErrors.ts";
import { launchError } from "../launchErrors.ts";
import { isDone } from "../plan/isDone.ts";
import type { Plan, PlannedTransaction } from "../plan/Plan.ts";
import type { Journal, SignedStep } from "./openJournal.ts";

export type ApplyEvent = {
  step: number;
  words: string;
  what: "skipped" | "signed" | "journalled" | "broadcast" | "replaced" | "mined";
  hash?: Hex;
};

export type ApplyOptions = {
  plan: Plan;
  chain: PublicClient;
  account: LocalAccount;
  journal: Journal;
  clock: Clock;
  on?: (event: ApplyEvent) => void;
  /** Blocks on top of the last step until what it did counts. */
  confirmations?: number;
  /** Blocks after which a transaction that was not mined is replaced by the same with a higher fee. */
  bumpAfterBlocks?: number;
  pollMs?: number;
  /** Looks at the chain until a transaction counts as unseen. */
  patience?: number;
};

/** Every replacement costs at least a quarter more; nodes ask for a tenth. */
const BUMP_PERCENT = 125n;
const MOST_REPLACEMENTS = 8;
const GAS_PERCENT = 120n;
/** Looks at a nonce that is used without a receipt of ours: another node may know more than the one asked. */
const USED_LOOKS = 5;
/** Times that everything is looked at again after a reorganisation. */
const MOST_ROUNDS = 5;

/**
 * Does what the plan says, one step after the other, and can be killed and run again at any moment: a step that is done is
 * skipped; what was signed before is broadcast again byte by byte, so no step happens twice. Throws `wrong-chain`,
 * `wrong-sender`, `code-differs`, `sender-busy`, `nonce-taken`, `transaction-not-sent`, `transaction-unseen`,
 * `transaction-reverted`, or the contract's own error.
 */
export async function applyPlan(options: ApplyOptions): Promise<{ sent: Hex[] }> {
  const { plan, chain, account, journal, clock } = options;
  const { on = () => undefined, confirmations = 1, bumpAfterBlocks = 10 } = options;
  const { pollMs = 1_000, patience = 1_200 } = options;
  const sender = account.address;
  const sent: Hex[] = [];

  const chainId = await chain.getChainId();
  if (chainId !== plan.chainId) {
    throw launchError("wrong-chain", `the plan is for ${plan.chainId}, this is ${chainId}`);
  }
  if (sender.toLowerCase() !== plan.sender.toLowerCase()) {
    throw launchError("wrong-sender", `the plan is for ${plan.sender}, this is ${sender}`);
  }

  for (let round = 0; round < MOST_ROUNDS; round++) {
    let last = 0n;
    for (const [step, transaction] of plan.transactions.entries()) {
      const block = await settle(step, transaction);
      if (block > last) last = block;
    }
    await waitForBlock(last + BigInt(confirmations - 1));
    if (await allDone()) return { sent };
  }
  throw launchError("transaction-unseen", "the chain keeps reorganising");

  /** Answers the block in which the step was done, where it was done now. */
  async function settle(step: number, transaction: PlannedTransaction): Promise<bigint> {
    const { words, postcondition, signed } = transaction;
    if (await isDone(chain, postcondition)) {
      on({ step, words, what: "skipped" });
      return 0n;
    }
    if (signed !== undefined) {
      const hash = keccak256(signed);
      await broadcast(signed, hash);
      return confirm(step, transaction, await waitUntilMined(() => [{ hash, raw: signed }]));
    }

    if (signedFor(step).length === 0) {
      await sign(step, transaction, await freeNonce());
    }
    const [first] = signedFor(step);
    if (first === undefined) throw new Error("nothing was signed");
    return confirm(step, transaction, await pushThrough(first.nonce, transaction));
  }

  async function confirm(
    step: number,
    { words, postcondition }: PlannedTransaction,
    { transactionHash: hash, blockNumber, status }: TransactionReceipt,
  ): Promise<bigint> {
    if (!(await isDone(chain, postcondition))) {
      throw launchError("transaction-reverted", `${hash}, ${status} (${words})`);
    }
    sent.push(hash);
    on({ step, words, what: "mined", hash });
    return blockNumber;
  }

  function signedFor(step: number): SignedStep[] {
    return journal.signed.filter((entry) => entry.step === step);
  }

  /** The next nonce, once all that we signed is mined. Somebody else's pending transaction stops us. */
  async function freeNonce(): Promise<number> {
    const count = (blockTag: "latest" | "pending") =>
      chain.getTransactionCount({ address: sender, blockTag });
    for (const { nonce, step } of journal.signed) {
      const transaction = plan.transactions[step];
      if (transaction !== undefined && nonce >= (await count("latest")))
        await pushThrough(nonce, transaction);
    }
    const latest = await count("latest");
    const pending = await count("pending");
    if (pending > latest) {
      throw launchError("sender-busy", `${pending - latest} of ${sender} from nonce ${latest} on`);
    }
    return latest;
  }

  async function sign(
    step: number,
    { to, data, value, words }: PlannedTransaction,
    nonce: number,
    replaced?: SignedStep,
  ): Promise<void> {
    const fees = await chain.estimateFeesPerGas();
    const atLeast = (fee: bigint, before: bigint | undefined) =>
      before === undefined || fee > (before * BUMP_PERCENT) / 100n
        ? fee
        : (before * BUMP_PERCENT) / 100n + 1n;
    const maxFeePerGas = atLeast(fees.maxFeePerGas, replaced?.maxFeePerGas);
    const maxPriorityFeePerGas = atLeast(fees.maxPriorityFeePerGas, replaced?.maxPriorityFeePerGas);
    const gas = replaced?.gas ?? (await gasOf({ to, data, value, words }));
    const raw = await account.signTransaction({
      ...{ type: "eip1559", chainId: plan.chainId, nonce, to, data, value, maxFeePerGas },
      ...{ maxPriorityFeePerGas: min(maxPriorityFeePerGas, maxFeePerGas), gas },
    });
    const hash = keccak256(raw);
    on({ step, words, what: replaced === undefined ? "signed" : "replaced", hash });
    await journal.append({ step, nonce, raw, hash, gas, maxFeePerGas, maxPriorityFeePerGas });
    on({ step, words, what: "journalled", hash });
  }

  async function gasOf({
    words,
    ...call
  }: Pick<PlannedTransaction, "to" | "data" | "value" | "words">): Promise<bigint> {
    try {
      return ((await chain.estimateGas({ account: sender, ...call })) * GAS_PERCENT) / 100n;
    } catch (cause) {
      throw contractErrorOf(cause) ?? launchError("step-fails", words, { cause });
    }
  }

  /** Broadcasts what was signed for a nonce until it is mined, in this or a dearer form. */
  async function pushThrough(nonce: number, transaction: PlannedTransaction): Promise<TransactionReceipt> {
    const forms = () => journal.signed.filter((entry) => entry.nonce === nonce);
    const newest = () => forms().at(-1);
    const { step = 0, raw = "0x", hash = "0x" } = newest() ?? {};
    await broadcast(raw, hash, nonce);
    on({ step, words: transaction.words, what: "broadcast", hash });

    let since = await chain.getBlockNumber();
    return waitUntilMined(forms, nonce, async () => {
      const head = await chain.getBlockNumber();
      if (head - since < BigInt(bumpAfterBlocks) || forms().length > MOST_REPLACEMENTS) return;
      since = head;
      await sign(step, transaction, nonce, newest());
    });
  }

  async function waitUntilMined(
    forms: () => readonly { hash: Hex; raw: Hex }[],
    nonce?: number,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<TransactionReceipt> {
    let usedSeen = 0;
    for (let look = 0; look < patience; look++) {
      if (nonce !== undefined && (await chain.getTransactionCount({ address: sender })) > nonce) usedSeen++;
      for (const { hash } of forms()) {
        const receipt = await chain.getTransactionReceipt({ hash }).catch(notFound);
        if (receipt !== undefined) return receipt;
      }
      if (usedSeen >= USED_LOOKS) throw launchError("nonce-taken", `nonce ${nonce} of ${sender}`);
      await meanwhile();
      const newest = forms().at(-1);
      // Nodes forget what waits too long, and a reorganisation may drop it.
      if (newest !== undefined && (await chain.getTransaction(newest).catch(notFound)) === undefined) {
        await broadcast(newest.raw, newest.hash, nonce);
      }
      await clock.sleep(pollMs);
    }
    throw launchError("transaction-unseen", forms().at(-1)?.hash ?? "");
  }

  /** What the node has already, or what is mined, it refuses: that is as good. */
  async function broadcast(raw: Hex, hash: Hex, nonce?: number): Promise<void> {
    try {
      await chain.sendRawTransaction({ serializedTransaction: raw });
    } catch (cause) {
      if ((await chain.getTransaction({ hash }).catch(notFound)) !== undefined) return;
      if (nonce !== undefined && (await chain.getTransactionCount({ address: sender })) > nonce) return;
      const why = cause instanceof BaseError ? cause.shortMessage : "";
      throw launchError("transaction-not-sent", why, { cause });
    }
  }

  async function waitForBlock(number: bigint): Promise<void> {
    for (let look = 0; look < patience; look++) {
      if ((await chain.getBlockNumber()) >= number) return;
      await clock.sleep(pollMs);
    }
    throw launchError("transaction-unseen", `block ${number} does not come`);
  }

  async function allDone(): Promise<boolean> {
    for (const { postcondition } of plan.transactions) {
      if (!(await isDone(chain, postcondition))) return false;
    }
    return true;
  }
}

function notFound(error: unknown): undefined {
  const name = error instanceof BaseError ? error.name : "";
  if (name === "TransactionReceiptNotFoundError" || name === "TransactionNotFoundError") return undefined;
  throw error;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
