/** One thing that is wrong with an input, in words a person can act on. `code` is stable; the rest may be reworded. */
export type Problem = {
  code: string;
  /** Path of the field, as written by the person: `sale.closesAt`. */
  field: string;
  got: string;
  wanted: string;
  /** What to do. */
  wayOut: string;
};

/** An error of ours: a stable code, a message, the way out; never a secret in it. `retryable` is known where it is thrown. */
export class SlipwayError extends Error {
  readonly code: string;
  readonly wayOut: string;
  readonly retryable: boolean;
  /** Not before so many seconds, as a server said; zero where it said nothing. */
  readonly retryAfterSeconds: number;
  readonly problems: readonly Problem[];

  constructor({
    code,
    message,
    wayOut,
    retryable = false,
    retryAfterSeconds = 0,
    problems = [],
    cause,
  }: {
    code: string;
    message: string;
    wayOut: string;
    retryable?: boolean;
    retryAfterSeconds?: number;
    problems?: readonly Problem[];
    cause?: unknown;
  }) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SlipwayError";
    this.code = code;
    this.wayOut = wayOut;
    this.retryable = retryable;
    this.retryAfterSeconds = retryAfterSeconds;
    this.problems = problems;
  }
}

/** What a catalogue of errors says of a code. */
export type ErrorEntry = {
  title: string;
  /** What the reader can do. */
  wayOut: string;
  /** The same may pass later without anybody acting. */
  retryable?: boolean;
};
/** The same where an HTTP API answers with it. */
export type HttpErrorEntry = ErrorEntry & { status: number };

/** What happened this time. */
export type ErrorMore = { problems?: readonly Problem[]; cause?: unknown; retryAfterSeconds?: number };

/** An error of a catalogue, for the constructor; `detail` says what happened this time. */
export function describeError<Code extends string>(
  catalogue: Readonly<Record<Code, ErrorEntry>>,
  code: Code,
  detail: string,
  { problems = [], cause, retryAfterSeconds = 0 }: ErrorMore,
): ConstructorParameters<typeof SlipwayError>[0] {
  const { title, wayOut, retryable = false } = catalogue[code];
  const message = detail === "" ? title : `${title}: ${detail}`;
  return { code, message, wayOut, retryable, retryAfterSeconds, problems, cause };
}

/** One line a problem, and one for the way out: what commands print. */
export function explain(error: SlipwayError): string {
  const lines = error.problems.map(
    (p) => `  ${p.field}: got ${p.got}, wanted ${p.wanted} → ${p.wayOut}  [${p.code}]`,
  );
  return [
    `${error.message} [${error.code}]`,
    ...lines,
    ...(error.wayOut === "" ? [] : [`→ ${error.wayOut}`]),
  ].join("\n");
}
