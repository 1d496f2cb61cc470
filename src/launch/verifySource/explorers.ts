import type { Address, Hex } from "viem";
import type { Clock } from "../../chain/clock.ts";
import type { StandardInput } from "./standardInput.ts";

export const explorers = ["sourcify", "etherscan", "blockscout"] as const;
export type ExplorerName = (typeof explorers)[number];

export type Submission = StandardInput & { chainId: number; address: Address; constructorArgs: Hex };

/** Compiles a source again and shows it. Throws `SourceRefused` where asking again is of no use, else any error. */
export type Explorer = {
  name: ExplorerName;
  verify: (submission: Submission) => Promise<void>;
};

/** An explorer's last word. */
export class SourceRefused extends Error {}

type Reach = { url: string; clock: Clock; fetch?: typeof globalThis.fetch };

const ANSWER_MS = 30_000;
const POLL_MS = 3_000;
const MOST_POLLS = 60;

/** Sourcify's API v2. */
export function createSourcify({ url, ...reach }: Reach): Explorer {
  type Match = { match?: string | null };
  type Failure = { customCode?: string; message?: string };
  const ask = createAsk(reach);
  const passed = ({ match }: Match) => match === "match" || match === "exact_match";
  const known = (failure: Failure) => failure.customCode === "already_verified";

  return {
    name: "sourcify",
    verify: async ({ chainId, address, contract, compilerVersion, input }) => {
      const seen = await ask(`${url}/v2/contract/${String(chainId)}/${address}`);
      if (seen.status === 200 && passed(seen.body as Match)) return;

      const body = { stdJsonInput: input, contractIdentifier: contract, compilerVersion: compilerVersion };
      const sent = await ask(`${url}/v2/verify/${String(chainId)}/${address}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const { verificationId, ...failure } = sent.body as Failure & { verificationId?: unknown };
      if (known(failure)) return;
      if (typeof verificationId !== "string") throw complaint(sent.status, failure.message);

      for (let polls = 0; polls < MOST_POLLS; polls++) {
        const { status, body: told } = await ask(`${url}/v2/verify/${verificationId}`);
        const {
          isJobCompleted,
          contract: shown,
          error,
        } = told as {
          isJobCompleted?: boolean;
          contract?: Match;
          error?: Failure;
        };
        if (isJobCompleted === undefined) throw complaint(status, (told as Failure).message);
        if (isJobCompleted) {
          if (passed(shown ?? {}) || known(error ?? {})) return;
          throw new SourceRefused(error?.message ?? "no match");
        }
        await reach.clock.sleep(POLL_MS);
      }
      throw new Error("still waits in its queue");
    },
  };
}

/** Etherscan's API, which Blockscout speaks as well. `key` is in no message. */
export function createEtherscan({
  name,
  url,
  key,
  ...reach
}: Reach & { name: "etherscan" | "blockscout"; key: string | undefined }): Explorer {
  const ask = createAsk(reach);
  const hidden = (text: string) => (key === undefined ? text : text.replaceAll(key, "…"));

  async function result(
    chainId: number,
    action: string,
    more: Record<string, string>,
    form?: URLSearchParams,
  ) {
    const query = new URLSearchParams({
      ...{ chainid: String(chainId), module: "contract", action, ...more },
      ...(key === undefined ? {} : { apikey: key }),
    });
    const { status, body } = await ask(
      `${url}?${query.toString()}`,
      form === undefined ? {} : { method: "POST", body: form },
    );
    const { status: ok, result: told } = body as { status?: unknown; result?: unknown };
    if (typeof told !== "string") throw complaint(status, undefined);
    return { ok: String(ok) === "1", told: hidden(told) };
  }

  return {
    name,
    verify: async ({ chainId, address, contract, compilerVersion, input, constructorArgs }) => {
      const form = new URLSearchParams({
        ...{ contractaddress: address, contractname: contract, compilerversion: compilerVersion },
        ...{ codeformat: "solidity-standard-json-input", sourceCode: JSON.stringify(input) },
        constructorArguments: constructorArgs.slice(2),
      });
      const sent = await result(chainId, "verifysourcecode", {}, form);
      if (/already verified/i.test(sent.told)) return;
      if (!sent.ok) throw /key/i.test(sent.told) ? new SourceRefused(sent.told) : new Error(sent.told);

      for (let polls = 0; polls < MOST_POLLS; polls++) {
        const { told } = await result(chainId, "checkverifystatus", { guid: sent.told });
        if (/^pass/i.test(told) || /already verified/i.test(told)) return;
        if (/^fail/i.test(told)) throw new SourceRefused(told);
        if (!/pending|in progress/i.test(told)) throw new Error(told);
        await reach.clock.sleep(POLL_MS);
      }
      throw new Error("still waits in its queue");
    },
  };
}

function createAsk({ clock, fetch: send = (...args) => globalThis.fetch(...args) }: Omit<Reach, "url">) {
  return async (url: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> => {
    let response: Response;
    let text: string;
    try {
      // A key goes to nobody but who was named.
      response = await send(url, { ...init, redirect: "error", signal: clock.deadline(ANSWER_MS) });
      text = await response.text();
    } catch (cause) {
      throw new Error("does not answer", { cause });
    }
    try {
      const body = JSON.parse(text) as unknown;
      if (typeof body === "object" && body !== null) return { status: response.status, body };
    } catch {
      // Said below.
    }
    throw new Error(`answers with ${String(response.status)} and no JSON`);
  };
}

function complaint(status: number, message: string | undefined): Error {
  return new Error(message ?? `answers with ${String(status)} in an unknown form`);
}
