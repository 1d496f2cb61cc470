import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { indexerError, indexerErrors, type IndexerErrorCode } from "../sdk/indexerErrors.ts";
import { SlipwayError } from "../sdk/problem.ts";

/** Answers every failure as RFC 9457 `application/problem+json` with a code of the catalogue. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler((request) => {
    throw indexerError("not-found", `${request.method} ${request.url.split("?")[0] ?? ""}`);
  });
}

/** The same for what fails before it has a route. */
export async function answerProblem(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const error = known(thrown);
  if (error.code === "internal") request.log.error({ err: thrown }, "request failed");
  const { status, title } = indexerErrors[error.code as IndexerErrorCode];
  const fields = error.problems.map(({ field, got, wanted }) => ({ field, got, wanted }));

  if (error.retryAfterSeconds > 0) void reply.header("retry-after", String(error.retryAfterSeconds));
  await reply
    .code(status)
    .type("application/problem+json")
    .send({
      type: `urn:slipway:${error.code}`,
      title,
      status,
      code: error.code,
      detail: error.message,
      wayOut: error.wayOut,
      instance: request.url.split("?")[0],
      ...(fields.length === 0 ? {} : { fields }),
    });
}

function known(thrown: unknown): SlipwayError {
  if (thrown instanceof SlipwayError && thrown.code in indexerErrors) return thrown;
  if (isConnectionFailure(thrown)) return indexerError("database-unreachable", "", { cause: thrown });
  const status = (thrown as { statusCode?: unknown }).statusCode;
  if (typeof status === "number" && status >= 400 && status < 500) {
    return indexerError("input-invalid", thrown instanceof Error ? thrown.message : "", { cause: thrown });
  }
  return indexerError("internal", "", { cause: thrown });
}

/** Node's network errors, and what PostgreSQL says while it starts, stops or lacks connections. */
export function isConnectionFailure(thrown: unknown): boolean {
  const code = (thrown as { code?: unknown }).code;
  if (typeof code === "string") return /^(ECONN|EPIPE|ENOENT|ETIMEDOUT|57P|08|53300)/.test(code);
  return (
    thrown instanceof Error &&
    /connection (terminated|timeout)|timeout exceeded when trying to connect|not queryable/i.test(
      thrown.message,
    )
  );
}
