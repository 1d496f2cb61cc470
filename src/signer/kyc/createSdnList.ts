import { readFileSync, statSync } from "node:fs";
import { signerError } from "../../sdk/signerErrors.ts";
import type { Sanctions } from "./createSanctions.ts";

export type SdnOptions = {
  path: string;
  /** A copy older than this is not trusted any more. */
  maxAgeHours: number;
  /** Fewer addresses than this are no whole list. */
  least: number;
  /** Milliseconds, by the clock that stamps files. */
  now?: () => number;
};

/** A new copy may lack this part of the last one's addresses, not more. */
const MOST_LOST = 0.2;
const HOUR_MS = 3_600_000;

/**
 * OFAC's list of specially designated nationals, SDN.XML or SDN.CSV as published: every "Digital Currency Address" of whichever
 * ticker that is an address of this kind of chain. Read again when the file changes. A copy that is cut off or much shorter than
 * the last one is left, and the last good one kept until it is too old; then, and where there is none, nothing is signed.
 */
export function createSdnList({ path, maxAgeHours, least, now = Date.now }: SdnOptions): Sanctions {
  let good: { addresses: ReadonlySet<string>; at: number } | undefined;
  let seen: { stamp: string; problem: string | undefined } | undefined;

  function look(): void {
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const stamp = [mtimeMs, size, ino].join(" ");
      if (seen?.stamp === stamp) return;
      const read = parse(readFileSync(path, "utf8"));
      const problem = typeof read === "string" ? read : shrunk(read);
      seen = { stamp, problem };
      if (typeof read !== "string" && problem === undefined) good = { addresses: read, at: mtimeMs };
    } catch (cause) {
      seen = { stamp: "", problem: (cause as NodeJS.ErrnoException).code ?? "it cannot be read" };
    }
  }

  function shrunk(addresses: ReadonlySet<string>): string | undefined {
    const wanted = Math.max(least, Math.ceil((good?.addresses.size ?? 0) * (1 - MOST_LOST)));
    if (addresses.size >= wanted) return undefined;
    return `${String(addresses.size)} addresses, at least ${String(wanted)} wanted`;
  }

  function current(): ReadonlySet<string> {
    look();
    const problem = seen?.problem ?? "";
    if (good === undefined) throw signerError("sanctions-unusable", `OFAC_SDN_FILE: ${problem}`);
    const age = (now() - good.at) / HOUR_MS;
    if (age > maxAgeHours) {
      const why = problem === "" ? "" : `; a newer one is not used: ${problem}`;
      throw signerError(
        "sanctions-unusable",
        `OFAC_SDN_FILE is ${age.toFixed(0)} hours old, at most ${String(maxAgeHours)} wanted${why}`,
      );
    }
    return good.addresses;
  }

  return {
    includes: (wallet) => current().has(wallet.toLowerCase()),
    check: () => current().size,
    warning: () => {
      look();
      return seen?.problem === undefined
        ? undefined
        : `OFAC_SDN_FILE: the last good copy is kept: ${seen.problem}`;
    },
  };
}

/** The addresses, in lower case, or why this is no whole list. One entry that is wrong does not cost the others. */
function parse(text: string): ReadonlySet<string> | string {
  const xml = /^\s*<\?xml/.test(text);
  if (xml && !/<\/sdnList>\s*$/.test(text)) return "cut off before </sdnList>";
  // OFAC ends its tables with a lone Ctrl-Z.
  if (!xml && !/\n\u001a?\s*$/.test(text)) return "cut off in the middle of a line";
  const entries = xml
    ? text.matchAll(
        /<idType>\s*Digital Currency Address - \w+\s*<\/idType>\s*<idNumber>\s*([^<\s]+)\s*<\/idNumber>/g,
      )
    : text.matchAll(/Digital Currency Address - \w+ ([^\s;"]+)/g);
  const addresses = new Set<string>();
  for (const [, address = ""] of entries)
    if (/^0x[0-9a-fA-F]{40}$/.test(address)) addresses.add(address.toLowerCase());
  return addresses;
}

/** A wallet that any of the lists has; unusable where one of them is. */
export function combineSanctions(lists: readonly Sanctions[]): Sanctions {
  return {
    // All are asked, so that one that is unusable is told even where another has the wallet.
    includes: (wallet) => lists.map((list) => list.includes(wallet)).includes(true),
    check: () => lists.reduce((sum, list) => sum + list.check(), 0),
    warning: () => lists.map((list) => list.warning()).find((words) => words !== undefined),
  };
}
