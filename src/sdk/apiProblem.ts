import { SlipwayError } from "./problem.ts";
import type { ProblemDetails } from "./signerApi.ts";

/** A refusal by one of our services, with all that it said. */
export class ApiProblem extends SlipwayError {
  readonly details: ProblemDetails;

  constructor(details: ProblemDetails, retryAfterSeconds = 0) {
    const { code, wayOut, status } = details;
    super({
      ...{ code, message: details.detail, wayOut, retryAfterSeconds },
      retryable: status >= 500 || retryAfterSeconds > 0 || status === 429,
      problems: (details.fields ?? []).map((field) => ({ code, wayOut, ...field })),
    });
    this.details = details;
  }
}

/** What a service refused with; undefined where somebody in between answered in its stead, such as a proxy. */
export function readProblem(
  response: Response,
  text: string,
): [details: ProblemDetails, retryAfterSeconds: number] | undefined {
  const body = parse(text) as Partial<ProblemDetails> | null | undefined;
  if (typeof body?.code !== "string") return undefined;
  const { title = body.code, detail = title, wayOut = "", type = "about:blank", code } = body;
  const seconds = Number(response.headers.get("retry-after") ?? 0);
  return [
    { ...body, type, title, detail, wayOut, code, status: response.status },
    Number.isFinite(seconds) && seconds > 0 ? seconds : 0,
  ];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
