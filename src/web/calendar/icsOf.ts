export type CalendarEvent = { id: string; time: bigint; title: string; text: string };

const LINE_BYTES = 75;

/** A calendar as RFC 5545 has it; every event is a moment in UTC. */
export function icsOf({ name, events }: { name: string; events: readonly CalendarEvent[] }): string {
  const lines = [
    ...[
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "PRODID:-//Slipway//Unlock calendar//EN",
      `X-WR-CALNAME:${escaped(name)}`,
    ],
    ...events.flatMap(({ id, time, title, text }) => [
      ...["BEGIN:VEVENT", `UID:${escaped(id)}`, `DTSTAMP:${stamp(time)}`, `DTSTART:${stamp(time)}`],
      ...[`SUMMARY:${escaped(title)}`, `DESCRIPTION:${escaped(text)}`, "TRANSP:TRANSPARENT", "END:VEVENT"],
    ]),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

function stamp(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(/[-:]|\.\d+/g, "");
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
}

/** At most 75 bytes a line, none of which cuts a character. */
function folded(line: string): string {
  const encoder = new TextEncoder();
  let [out, bytes] = ["", 0];
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (bytes + size > LINE_BYTES) [out, bytes] = [`${out}\r\n `, 1];
    out += character;
    bytes += size;
  }
  return out;
}
