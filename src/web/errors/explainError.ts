import {
  BaseError,
  ChainMismatchError,
  HttpRequestError,
  InsufficientFundsError,
  TimeoutError,
  UserRejectedRequestError,
} from "viem";
import { SlipwayError } from "../../sdk/problem.ts";
import { pageError } from "./pageErrors.ts";

const USER_REJECTED = 4001;

/** Whatever was thrown, as an error with a code, a sentence and a way out; reverts of contracts: `explainCall`. */
export function explainError(error: unknown): SlipwayError {
  if (error instanceof SlipwayError) return error;
  if (isRejection(error)) return pageError("wallet-rejected", { cause: error });
  if (!(error instanceof BaseError)) {
    const detail = error instanceof Error ? error.message : String(error);
    return pageError("unknown", { detail, cause: error });
  }

  if (has(error, InsufficientFundsError)) return pageError("gas-short", { cause: error });
  if (has(error, ChainMismatchError)) return pageError("wallet-chain", { cause: error });
  if (has(error, HttpRequestError) || has(error, TimeoutError))
    return pageError("rpc-unreachable", { cause: error });
  return pageError("wallet-failed", { detail: error.shortMessage, cause: error });
}

function has(error: BaseError, kind: abstract new (...args: never[]) => Error): boolean {
  return error.walk((cause) => cause instanceof kind) !== null;
}

function isRejection(error: unknown): boolean {
  if (error instanceof BaseError) {
    return (
      error.walk((cause) => cause instanceof UserRejectedRequestError || codeOf(cause) === USER_REJECTED) !==
      null
    );
  }
  return codeOf(error) === USER_REJECTED;
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null ? (error as { code?: unknown }).code : undefined;
}
