import type { Address, Hex } from "viem";
import type { Clock } from "../../chain/clock.ts";
import { SlipwayError } from "../../sdk/problem.ts";
import type { SignerClient, SignerSession } from "../../sdk/signerClient.ts";
import { launchError } from "../launchErrors.ts";

export type DrillPerson = {
  address: Address;
  signMessage: (parameters: { message: string }) => Promise<Hex>;
};

export type Drilled = {
  asked: number;
  issued: number;
  /** From the first request to the last answer. */
  seconds: number;
  vouchersPerSecond: number;
  /** From the moment that a request was due, so that a signer that falls behind shows. */
  p50Ms: number;
  p99Ms: number;
  /** By the signer's code. */
  refused: Record<string, number>;
};

/** Sign-ins under way at once, and waits where the signer limits them. */
const AT_ONCE = 16;
const LIMITED_WAIT_MS = 2_000;
const LIMITED_TRIES = 300;

/**
 * Asks a signer for a voucher for each of `people`, so many a second, whatever comes back; they sign in before the clock
 * starts. Throws `drill-refused` where the signer does not sell to one of them.
 */
export async function runDrill({
  signer,
  people,
  page,
  perSecond,
  clock,
  newKey,
}: {
  signer: SignerClient;
  people: readonly DrillPerson[];
  /** Origin of the page that they sign in at. */
  page: string;
  perSecond: number;
  clock: Clock;
  newKey: () => string;
}): Promise<Drilled> {
  const { chainId } = await signer.launch();
  const ready = await inTurn(people, (person) => prepare(person));

  const times: number[] = [];
  const refused: Record<string, number> = {};
  const started = clock.now();
  await Promise.all(
    ready.map(async (ask, index) => {
      const due = started + (index * 1000) / perSecond;
      await clock.sleep(Math.max(0, due - clock.now()));
      try {
        await ask();
        times.push(clock.now() - due);
      } catch (error) {
        if (!(error instanceof SlipwayError)) throw error;
        refused[error.code] = (refused[error.code] ?? 0) + 1;
      }
    }),
  );
  const seconds = (clock.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const percentile = (share: number) =>
    Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0);
  return {
    ...{ asked: ready.length, issued: times.length, seconds },
    vouchersPerSecond: seconds === 0 ? 0 : Math.round(times.length / seconds),
    ...{ p50Ms: percentile(0.5), p99Ms: percentile(0.99), refused },
  };

  /** A person who is signed in and may buy; answers how to ask for the voucher. */
  async function prepare({ address, signMessage }: DrillPerson): Promise<() => Promise<unknown>> {
    const session = await unlimited(() =>
      signer.login({
        ...{ wallet: address, chainId, origin: page },
        signMessage: (message) => signMessage({ message }),
      }),
    );
    const told = await unlimited<Awaited<ReturnType<SignerSession["eligibility"]>>>(() =>
      session.eligibility(),
    );
    if (!told.eligible || told.nonce === undefined)
      throw launchError("drill-refused", `${address}: ${told.detail ?? ""} [${told.code ?? ""}]`);
    const order = { nonce: BigInt(told.nonce), cumulativeCap: BigInt(told.cumulativeCapMost) };
    const { openOrder: supersedes } = told;
    return () => session.createOrder(newKey(), supersedes === undefined ? order : { ...order, supersedes });
  }

  /** All of them come from one address, which the signer may limit. */
  async function unlimited<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await work();
      } catch (error) {
        const isLimited = error instanceof SlipwayError && error.code === "rate-limited";
        if (!isLimited || tries === LIMITED_TRIES) throw error;
        await clock.sleep(LIMITED_WAIT_MS);
      }
    }
  }
}

/** The results in the order of `items`; a few are worked on at once. */
async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
