const dateFormat = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});

/** Seconds since 1970, in UTC: "1 Mar 2040, 00:00 UTC". */
export function formatTime(seconds: bigint): string {
  return `${dateFormat.format(new Date(Number(seconds) * 1000))} UTC`;
}

const spans = [
  ["day", 86_400n],
  ["hour", 3_600n],
  ["minute", 60n],
  ["second", 1n],
] as const;

/** A duration in its largest fitting unit, rounded down: "14 days". */
export function formatSpan(seconds: bigint): string {
  for (const [unit, size] of spans) {
    if (seconds < size) continue;
    const count = seconds / size;
    return `${String(count)} ${unit}${count === 1n ? "" : "s"}`;
  }
  return "0 seconds";
}
