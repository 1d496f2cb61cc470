import type { LaunchRecord } from "./launchRecord.ts";

/** JSON with bigints as decimal strings, keys in the order given. */
export function stringify(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, v: unknown) => (typeof v === "bigint" ? v.toString() : v), indent);
}

/** The text of a record file. */
export function stringifyRecord(record: LaunchRecord): string {
  return `${stringify(record, 2)}\n`;
}

const recordBigints = new Set([
  ...[
    "startBlock",
    "chainId",
    "maxSupply",
    "currencyUnits",
    "tokenUnits",
    "opensAt",
    "closesAt",
    "coolingOff",
  ],
  ...["softCap", "hardCap", "minPurchase", "delay", "deadline", "lockSeconds", "feeFixed", "streamSeconds"],
  ...["cliffSeconds", "durationSeconds", "allocationsTotal", "signerMaxCap", "signerMaxWindow"],
  ...[
    "version",
    "personCap",
    "voucherSeconds",
    "walletsPerPerson",
    "decisionMaxAgeSeconds",
    "requestsPerMinute",
  ],
]);

/** A record file read back; the caller checks `termsHash(record.terms) === record.termsHash`. */
export function parseRecord(text: string): LaunchRecord {
  return JSON.parse(text, (key, value: unknown) =>
    typeof value === "string" && recordBigints.has(key) ? BigInt(value) : value,
  ) as LaunchRecord;
}
