import { readFileSync, statSync } from "node:fs";
import { getAddress, type Address } from "viem";
import { signerError } from "../../sdk/signerErrors.ts";
import type { Problem } from "../../sdk/problem.ts";

/** Addresses nobody may sell to. Read again when the file changes; what cannot be read closes the signer. */
export type Sanctions = {
  /** Throws `sanctions-unusable` when the list cannot be trusted now. */
  includes: (wallet: Address) => boolean;
  /** Throws likewise; the number of addresses. */
  check: () => number;
  /** What an operator should look at though the list is still usable. */
  warning: () => string | undefined;
};

/** A file with one address a line; blank lines and lines that begin with # count as nothing. Throws `sanctions-unusable`. */
export function createSanctions(path: string): Sanctions {
  let known: { stamp: string; addresses: ReadonlySet<string> } | undefined;

  function current(): ReadonlySet<string> {
    let stamp: string;
    try {
      const { mtimeMs, size, ino } = statSync(path);
      stamp = [mtimeMs, size, ino].join(" ");
      if (known?.stamp === stamp) return known.addresses;
      known = { stamp, addresses: parse(readFileSync(path, "utf8")) };
    } catch (cause) {
      known = undefined;
      if (cause instanceof Error && "code" in cause && cause.code === "sanctions-unusable") throw cause;
      throw signerError("sanctions-unusable", `SANCTIONS_FILE cannot be read`, { cause });
    }
    return known.addresses;
  }

  return {
    includes: (wallet) => current().has(wallet.toLowerCase()),
    check: () => current().size,
    warning: () => undefined,
  };
}

function parse(text: string): Set<string> {
  const addresses = new Set<string>();
  const problems: Problem[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (isAddress(line)) addresses.add(line.toLowerCase());
    else {
      const wayOut = "Correct or remove the line.";
      problems.push({
        code: "sanctions-unusable",
        field: `line ${String(index + 1)}`,
        got: line.slice(0, 60),
        wanted: "an address",
        wayOut,
      });
    }
  }
  if (problems.length > 0)
    throw signerError("sanctions-unusable", "SANCTIONS_FILE has lines that are no address", { problems });
  if (addresses.size === 0) throw signerError("sanctions-unusable", "SANCTIONS_FILE is empty");
  return addresses;
}

function isAddress(text: string): boolean {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return false;
  const digits = text.slice(2);
  return (
    digits === digits.toLowerCase() ||
    digits === digits.toUpperCase() ||
    getAddress(text.toLowerCase()) === text
  );
}
