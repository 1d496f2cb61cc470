import type { Address, Hex } from "viem";
import { ApiProblem, readProblem } from "./apiProblem.ts";
import { SlipwayError } from "./problem.ts";
import { retrying, type RetryOptions } from "./retrying.ts";
import type {
  Eligibility,
  Order,
  OrderRequest,
  OrderWithVoucher,
  Readiness,
  Session,
  SessionRequest,
  SignerLaunch,
} from "./signerApi.ts";
import type { SignerErrorCode } from "./signerErrors.ts";

/**
 * Client of the signer's API, for browsers and Node. With `retry` it asks again what may pass by itself; as the key is the same,
 * never is anything ordered twice. Every method throws `SignerProblem` with the server's code, or
 * `SlipwayError` `signer-unreachable` (retryable) when it does not answer.
 */
export type SignerClient = {
  launch: () => Promise<SignerLaunch>;
  ready: () => Promise<Readiness>;
  /** Signs a SIWE message for the page at `origin` (`https://host`) and opens a session with it. */
  login: (parameters: {
    wallet: Address;
    chainId: number;
    origin: string;
    signMessage: (message: string) => Promise<Hex>;
  }) => Promise<SignerSession>;
  /** Goes on with a session opened before, such as by this page before a reload. */
  resume: (session: Session) => SignerSession;
};

/** What a wallet that is signed in may ask. */
export type SignerSession = {
  session: Session;
  eligibility: () => Promise<Eligibility>;
  /** The same key and payload give the same bytes, however often they are sent. */
  createOrder: (
    key: string,
    order: { nonce: bigint; cumulativeCap: bigint; supersedes?: Hex },
  ) => Promise<OrderAnswer>;
  /** A new voucher for the same order and nonce. */
  renew: (orderId: Hex) => Promise<OrderAnswer>;
  order: (orderId: Hex) => Promise<Order>;
};

export type OrderAnswer = {
  order: OrderWithVoucher;
  /** The body as it came: replays are equal byte for byte. */
  bytes: string;
  /** The signer gave this answer before. */
  replayed: boolean;
};

/** A refusal of the signer, with all that it said: the nonce it expected, the order to look at, the path that helps. */
export class SignerProblem extends ApiProblem {
  /** A newer signer may know more. */
  declare readonly code: SignerErrorCode | (string & Record<never, never>);
}

type Request = { method: "GET" | "POST"; path: string; body?: unknown; headers?: Record<string, string> };

export function createSignerClient({
  url,
  fetch: send = (...args) => globalThis.fetch(...args),
  retry,
}: {
  url: string;
  fetch?: typeof globalThis.fetch;
  /** Without it each request is sent once. */
  retry?: RetryOptions;
}): SignerClient {
  const base = url.replace(/\/+$/, "");

  async function open(
    { method, path, body, headers = {} }: Request,
    signal?: AbortSignal,
  ): Promise<{ response: Response; text: string }> {
    try {
      const response = await send(`${base}${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
      return { response, text: await response.text() };
    } catch (cause) {
      throw signerUnreachable(base, cause);
    }
  }

  async function askOnce(request: Request, signal?: AbortSignal) {
    const answer = await open(request, signal);
    if (!answer.response.ok) throw signerProblemOf(answer, base);
    return { ...answer, json: parse(answer.text, base) };
  }
  const ask = (request: Request) => retrying((signal) => askOnce(request, signal), retry);

  async function read<T>(request: Request): Promise<T> {
    return (await ask(request)).json as T;
  }

  let served: Promise<SignerLaunch> | undefined;
  const launch = (): Promise<SignerLaunch> => read({ method: "GET", path: "/v1/launch" });
  /** The sale of a signer never changes; a failed question is asked again. */
  async function saleOf(): Promise<Address> {
    served ??= launch();
    try {
      return (await served).sale;
    } catch (error) {
      served = undefined;
      throw error;
    }
  }

  function resume(session: Session): SignerSession {
    const authorised = { authorization: `Bearer ${session.token}` };
    const orderFrom = async (request: Request): Promise<OrderAnswer> => {
      const { response, text, json } = await ask({
        ...request,
        headers: { ...request.headers, ...authorised },
      });
      return {
        order: json as OrderWithVoucher,
        bytes: text,
        replayed: response.headers.get("idempotency-replayed") === "true",
      };
    };
    return {
      session,
      eligibility: () => read({ method: "GET", path: "/v1/eligibility", headers: authorised }),
      createOrder: async (key, { nonce, cumulativeCap, supersedes }) => {
        const body: OrderRequest = {
          ...{ sale: await saleOf(), buyer: session.wallet },
          ...{ nonce: nonce.toString(), cumulativeCap: cumulativeCap.toString() },
          ...(supersedes === undefined ? {} : { supersedes }),
        };
        return orderFrom({ method: "POST", path: "/v1/orders", body, headers: { "idempotency-key": key } });
      },
      renew: (orderId) => orderFrom({ method: "POST", path: `/v1/orders/${orderId}/renew` }),
      order: (orderId) => read({ method: "GET", path: `/v1/orders/${orderId}`, headers: authorised }),
    };
  }

  return {
    launch,
    ready: async () => {
      const answer = await open({ method: "GET", path: "/readyz" });
      if (answer.response.status !== 200 && answer.response.status !== 503)
        throw signerProblemOf(answer, base);
      return parse(answer.text, base) as Readiness;
    },
    login: async ({ wallet, chainId, origin, signMessage }) => {
      // Loaded by who logs in: a page shows a sale to many more.
      const { createSiweMessage } = await import("viem/siwe");
      // From the beginning each time: a lost answer may have used the nonce up.
      return retrying(async (signal) => {
        const asked = await askOnce({ method: "POST", path: "/v1/sessions/nonce" }, signal);
        const { nonce } = asked.json as { nonce: string };
        const message = createSiweMessage({
          ...{ address: wallet, chainId, nonce, version: "1" },
          ...{ domain: new URL(origin).host, uri: origin },
        });
        const body: SessionRequest = { message, signature: await signMessage(message) };
        return resume(
          (await askOnce({ method: "POST", path: "/v1/sessions", body }, signal)).json as Session,
        );
      }, retry);
    },
    resume,
  };
}

function parse(text: string, base: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw signerUnreachable(base, cause);
  }
}

export function signerProblemOf(
  { response, text }: { response: Response; text: string },
  base: string,
): SlipwayError {
  const problem = readProblem(response, text);
  return problem === undefined
    ? signerUnreachable(base, new Error(`HTTP ${String(response.status)}`))
    : new SignerProblem(...problem);
}

export function signerUnreachable(base: string, cause: unknown): SlipwayError {
  return new SlipwayError({
    code: "signer-unreachable",
    message: `The signer at ${base} does not answer`,
    wayOut: "Try again in a moment. Whoever runs the signer: check that it runs, and CORS_ORIGIN.",
    retryable: true,
    cause,
  });
}
