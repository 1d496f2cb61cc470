import { pino, type DestinationStream, type Logger, type LoggerOptions } from "pino";
import { BaseError } from "viem";

/** What a node says may be as long as it likes. */
const LONGEST_MESSAGE = 200;

/** A service's log: JSON lines on standard output, in which no error tells the URL or the body of a request to a node. */
export function createLogger(destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    serializers: { err: loggable },
    hooks: {
      logMethod(args, method) {
        const shortened = args.map((arg: unknown) => (typeof arg === "string" ? short(arg) : arg));
        method.apply(this, shortened as typeof args);
      },
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function short(text: string): string {
  return text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE - 1)}…`;
}

/** Where it was thrown; a stack begins with the message, however long. */
function framesOf({ stack = "" }: Error): string {
  const at = stack.indexOf("\n    at ");
  return at === -1 ? "" : stack.slice(at + 1);
}

/**
 * What the log keeps of an error and of its causes. viem's long message, and the stack that begins with it, name the node's URL,
 * which may hold a key, and what it was sent.
 */
export function loggable(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: short(String(error)) };
  const ofNode = error instanceof BaseError;
  const { code } = error as { code?: unknown };
  return {
    ...{ type: error.name, message: short(wordsOf(error)) },
    ...(code === undefined ? {} : { code }),
    ...(ofNode ? {} : { stack: framesOf(error) }),
    ...(error.cause === undefined ? {} : { cause: loggable(error.cause) }),
  };
}

/** An error's message, without a node's URL. */
export function wordsOf(error: unknown): string {
  if (error instanceof BaseError) return error.shortMessage;
  return error instanceof Error ? error.message : String(error);
}
