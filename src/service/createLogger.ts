import { pino, type Logger } from "pino";
import { BaseError } from "viem";

/** A service's log: JSON lines on standard output, in which no error tells the URL or the body of a request to a node. */
export function createLogger(): Logger {
  return pino({ serializers: { err: loggable } });
}

/**
 * What the log keeps of an error and of its causes. viem's long message, and the stack that begins with it, name the node's URL,
 * which may hold a key, and what it was sent.
 */
export function loggable(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const ofNode = error instanceof BaseError;
  const { code } = error as { code?: unknown };
  return {
    ...{ type: error.name, message: wordsOf(error) },
    ...(code === undefined ? {} : { code }),
    ...(ofNode ? {} : { stack: error.stack }),
    ...(error.cause === undefined ? {} : { cause: loggable(error.cause) }),
  };
}

/** An error's message, without a node's URL. */
export function wordsOf(error: unknown): string {
  if (error instanceof BaseError) return error.shortMessage;
  return error instanceof Error ? error.message : String(error);
}
