import type { FastifyError, FastifyInstance } from "fastify";
import type { Socket } from "node:net";
import { DatabaseError } from "../../database/DatabaseError.ts";
import type { ProblemDetails } from "../../sdk/signerApi.ts";
import type { Turns } from "../watch/createTurns.ts";
import { SignerError, signerError, signerErrors, type SignerErrorCode } from "../../sdk/signerErrors.ts";

/** Answers every failure as RFC 9457 `application/problem+json` with a code of the catalogue; never a cause or a stack. */
export function answerProblems(app: FastifyInstance, turns: Turns): void {
  app.setErrorHandler(async (thrown: unknown, request, reply) => {
    const error = await withTurn(errorOf(thrown), request.principal?.id ?? request.ip, turns);
    request.outcome = error.code;
    if (error.code === "internal") request.log.error({ err: thrown }, "request failed");
    else if (signerErrors[error.code].status >= 500)
      request.log.warn({ code: error.code, err: error.cause }, "refused");

    const details = detailsOf(error, request.url.split("?")[0] ?? "");
    if (details.status === 413) void reply.header("connection", "close");
    if (details.status === 401) void reply.header("www-authenticate", "Bearer");
    if (error.facts.retryAfter !== undefined)
      void reply.header("retry-after", String(error.facts.retryAfter));
    await reply.code(details.status).type("application/problem+json").send(JSON.stringify(details));
  });
}

/** Who comes when too many wait is told its place among all of them, and comes back in its turn. */
async function withTurn(error: SignerError, client: string, turns: Turns): Promise<SignerError> {
  if (error.code !== "busy") return error;
  const turn = await turns(client).catch(() => undefined);
  if (turn === undefined) return error;
  const { place, seconds: retryAfter } = turn;
  return signerError("busy", `${String(place)} are before you`, { cause: error.cause, place, retryAfter });
}

export function detailsOf(error: SignerError, instance: string): ProblemDetails {
  const { code, message, wayOut, problems, facts } = error;
  const { status, title } = signerErrors[code];
  return {
    ...{ type: `urn:slipway:${code}`, title, status, code, detail: message, wayOut, instance },
    ...(problems.length === 0
      ? {}
      : { fields: problems.map(({ field, got, wanted }) => ({ field, got, wanted })) }),
    ...(facts.expectedNonce === undefined ? {} : { expectedNonce: facts.expectedNonce.toString() }),
    ...(facts.order === undefined ? {} : { order: facts.order }),
    ...(facts.link === undefined ? {} : { link: facts.link }),
    ...(facts.place === undefined ? {} : { place: facts.place }),
    ...(facts.serverTime === undefined ? {} : { serverTime: facts.serverTime }),
  };
}

/** What never became a request, such as broken framing: answered on the socket, which is then closed. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const late = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  const details = detailsOf(signerError(late ? "request-timeout" : "request-malformed"), "");
  const body = JSON.stringify(details);
  socket.end(
    [
      `HTTP/1.1 ${String(details.status)} ${late ? "Request Timeout" : "Bad Request"}`,
      "Content-Type: application/problem+json",
      `Content-Length: ${String(Buffer.byteLength(body))}`,
      "Connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

const byFastifyCode: Record<string, SignerErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "body-too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "media-type-unsupported",
  FST_ERR_CTP_EMPTY_TYPE: "media-type-unsupported",
};

export function errorOf(thrown: unknown): SignerError {
  if (thrown instanceof SignerError) return thrown;
  if (isConnectionFailure(thrown))
    return signerError("database-unreachable", "", { cause: thrown, retryAfter: 2 });
  const { code, statusCode } = thrown as Partial<FastifyError>;
  const known = byFastifyCode[code ?? ""];
  if (known !== undefined) return signerError(known);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return signerError("request-malformed", "", { cause: thrown });
  return signerError("internal", "", { cause: thrown });
}

/** Network errors, and what PostgreSQL says while it starts, stops, fails over or lacks connections. */
function isConnectionFailure(thrown: unknown): boolean {
  if (thrown instanceof DatabaseError) return true;
  const code = (thrown as { code?: unknown } | undefined)?.code;
  if (typeof code === "string" && /^(ECONN|EPIPE|ENOENT|ETIMEDOUT|57P|57014|08|53300|25006)/.test(code))
    return true;
  const pattern = /connection (terminated|timeout)|timeout exceeded when trying to connect|not queryable/i;
  return thrown instanceof Error && pattern.test(thrown.message);
}
