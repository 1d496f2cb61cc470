import { localeTag } from "./localeTag.ts";

/** Seconds since 1970, in UTC: "1 Mar 2040, 00:00 UTC". */
export function formatTime(seconds: bigint): string {
  const format = new Intl.DateTimeFormat(localeTag(), {
    ...{ dateStyle: "medium", timeStyle: "short", timeZone: "UTC" },
  } as const);
  return `${format.format(new Date(Number(seconds) * 1000))} UTC`;
}

/** The day of it, in UTC: "1 Mar 2040". */
export function formatDay(seconds: bigint): string {
  const format = new Intl.DateTimeFormat(localeTag(), { dateStyle: "medium", timeZone: "UTC" });
  return format.format(new Date(Number(seconds) * 1000));
}

const spans = [
  ["day", 86_400n],
  ["hour", 3_600n],
  ["minute", 60n],
  ["second", 1n],
] as const;

/** Whole days: "75 days". */
export function formatDays(days: number): string {
  const style = { style: "unit", unit: "day", unitDisplay: "long" } as const;
  return new Intl.NumberFormat(localeTag(), style).format(Math.floor(days));
}

/** A duration in its largest fitting unit, rounded down: "14 days". */
export function formatSpan(seconds: bigint): string {
  const [unit, size] = spans.find(([, each]) => seconds >= each) ?? spans[3];
  const format = new Intl.NumberFormat(localeTag(), { style: "unit", unit, unitDisplay: "long" });
  return format.format(seconds / size);
}
