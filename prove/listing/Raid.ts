/** What was counted, added up over the lines that the adversary's contract says. */
export type Raid = {
  byVenue: Record<Venue, { calls: number; refused: number; listings: number; violations: number }>;
  failures: { venue: string; episode: string; why: string }[];
};
type Venue = "v2" | "v3" | "v4";

export function emptyRaid(): Raid {
  const none = { calls: 0, refused: 0, listings: 0, violations: 0 };
  return { byVenue: { v2: { ...none }, v3: { ...none }, v4: { ...none } }, failures: [] };
}

/** A process that died before it counted adds nothing; the calls are then fewer than were asked for. */
export function addLine({ byVenue, failures }: Raid, line: string): void {
  const [kind, venue, first, second] = line.split(" ");
  if (venue !== "v2" && venue !== "v3" && venue !== "v4") return;

  if (kind === "calls" || kind === "refused" || kind === "listings") byVenue[venue][kind] += Number(first);
  if (kind === "violation") {
    byVenue[venue].violations++;
    failures.push({ venue, episode: first!, why: second! });
  }
}
