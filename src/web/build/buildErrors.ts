import { SlipwayError, type Problem } from "../../sdk/problem.ts";

/** What stops the page from being built as its environment asks. */
const buildErrors = {
  "walletconnect-project-id": "The project id of WalletConnect is not valid",
  "walletconnect-missing": "WalletConnect's package is not installed, or not in a version that works",
} as const;

export function buildError(
  code: keyof typeof buildErrors,
  { field, got, wanted, wayOut }: Omit<Problem, "code">,
): SlipwayError {
  const problems = [{ code, field, got, wanted, wayOut }];
  return new SlipwayError({ code, message: buildErrors[code], wayOut: "", problems });
}
