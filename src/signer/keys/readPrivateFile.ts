import { readFileSync, statSync } from "node:fs";
import { signerError, type SignerErrorCode } from "../../sdk/signerErrors.ts";

const OTHERS = 0o077;

/** The text of a file that only its owner may read; throws `code` naming `field`. */
export function readPrivateFile(path: string, field: string, code: SignerErrorCode): string {
  let mode: number;
  let text: string;
  try {
    mode = statSync(path).mode;
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? "unreadable";
    throw signerError(code, `${field}: ${path}: ${why}`, { cause });
  }
  // Windows has no such bits.
  if (process.platform !== "win32" && (mode & OTHERS) !== 0) {
    throw signerError(code, `${field}: ${path} has mode 0${(mode & 0o777).toString(8)}, wanted 0600`);
  }
  return text;
}

/** Secrets of a private file, one a line; several while one replaces another. At least 32 characters each. */
export function readSecrets(path: string, field: string): Buffer[] {
  const lines = readPrivateFile(path, field, "secret-unusable")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0) throw signerError("secret-unusable", `${field}: ${path} is empty`);
  for (const [index, line] of lines.entries()) {
    if (line.length < 32) {
      throw signerError(
        "secret-unusable",
        `${field}: line ${String(index + 1)} of ${path} is shorter than 32 characters`,
      );
    }
  }
  return lines.map((line) => Buffer.from(line, "utf8"));
}
