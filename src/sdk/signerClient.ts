import type { Address, Hex } from "viem";
import { SlipwayError } from "./problem.ts";
import type {
  Eligibility,
  Order,
  OrderRequest,
  OrderWithVoucher,
  ProblemDetails,
  Readiness,
  Session,
  SessionRequest,
  SignerLaunch,
} from "./signerApi.ts";

/**
 * Client of the signer's API, for browsers and Node. Every method throws `SignerProblem` with the server's code, or
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
export class SignerProblem extends SlipwayError {
  readonly details: ProblemDetails;

  constructor(details: ProblemDetails) {
    super({
      code: details.code,
      message: details.detail,
      wayOut: details.wayOut,
      retryable: details.status >= 500 || details.status === 429,
      problems: (details.fields ?? []).map((field) => ({
        code: details.code,
        wayOut: details.wayOut,
        ...field,
      })),
    });
    this.details = details;
  }
}

type Request = { method: "GET" | "POST"; path: string; body?: unknown; headers?: Record<string, string> };

export function createSignerClient({
  url,
  fetch: send = (...args) => globalThis.fetch(...args),
}: {
  url: string;
  fetch?: typeof globalThis.fetch;
}): SignerClient {
  const base = url.replace(/\/+$/, "");

  async function open({
    method,
    path,
    body,
    headers = {},
  }: Request): Promise<{ response: Response; text: string }> {
    try {
      const response = await send(`${base}${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { response, text: await response.text() };
    } catch (cause) {
      throw unreachable(base, cause);
    }
  }

  async function ask(request: Request): Promise<{ response: Response; text: string }> {
    const answer = await open(request);
    if (!answer.response.ok) throw problemOf(answer, base);
    return answer;
  }

  async function read<T>(request: Request): Promise<T> {
    return parse<T>((await ask(request)).text, base);
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
      const { response, text } = await ask({ ...request, headers: { ...request.headers, ...authorised } });
      return {
        order: parse<OrderWithVoucher>(text, base),
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
      if (answer.response.status !== 200 && answer.response.status !== 503) throw problemOf(answer, base);
      return parse<Readiness>(answer.text, base);
    },
    login: async ({ wallet, chainId, origin, signMessage }) => {
      // Loaded by who logs in: a page shows a sale to many more.
      const { createSiweMessage } = await import("viem/siwe");
      const { nonce } = await read<{ nonce: string }>({ method: "POST", path: "/v1/sessions/nonce" });
      const message = createSiweMessage({
        ...{ address: wallet, chainId, nonce, version: "1" },
        ...{ domain: new URL(origin).host, uri: origin },
      });
      const body: SessionRequest = { message, signature: await signMessage(message) };
      return resume(await read<Session>({ method: "POST", path: "/v1/sessions", body }));
    },
    resume,
  };
}

function parse<T>(text: string, base: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw unreachable(base, cause);
  }
}

/** Something in between, such as a proxy, may answer in the signer's stead: that is no refusal of the signer. */
function problemOf({ response, text }: { response: Response; text: string }, base: string): SlipwayError {
  const status = response.status;
  const details = parse<Partial<ProblemDetails> | null>(text, base);
  if (typeof details?.code !== "string") return unreachable(base, new Error(`HTTP ${String(status)}`));
  const { title = details.code, detail = title, wayOut = "", type = "about:blank", code } = details;
  return new SignerProblem({ ...details, type, title, detail, wayOut, code, status });
}

function unreachable(base: string, cause: unknown): SlipwayError {
  return new SlipwayError({
    code: "signer-unreachable",
    message: `The signer at ${base} does not answer`,
    wayOut: "Try again in a moment. Whoever runs the signer: check that it runs, and CORS_ORIGIN.",
    retryable: true,
    cause,
  });
}
