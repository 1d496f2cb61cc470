/** What a picture of the launch says; all of it may come from outside. */
export type ShareCard = {
  name: string;
  symbol: string;
  /** Where it stands: "Open". */
  phase: string;
  raised: string;
  caps: string;
  /** Of the hard cap, 0 to 1. */
  filled: number;
  source: string;
  dir: "ltr" | "rtl";
};

export const SHARE_SIZE = { width: 1200, height: 630 } as const;

/** A picture for a post, as SVG: nothing in it is loaded from anywhere. */
export function shareSvgOf({ name, symbol, phase, raised, caps, filled, source, dir }: ShareCard): string {
  const { width, height } = SHARE_SIZE;
  const [start, end] = dir === "ltr" ? [70, width - 70] : [width - 70, 70];
  const inner = width - 140;
  const done = Math.round(inner * Math.min(1, Math.max(0, filled)));
  const text = (y: number, size: number, fill: string, words: string, more = "") =>
    `<text x="${String(start)}" y="${String(y)}" font-size="${String(size)}" fill="${fill}" ${more}>${xml(words)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" direction="${dir}" font-family="system-ui, sans-serif">`,
    `<rect width="100%" height="100%" fill="#0f1217"/>`,
    text(150, 68, "#eceff4", short(name, 26), 'font-weight="700"'),
    text(220, 40, "#a0a9b8", `${short(symbol, 20)} · ${phase}`),
    text(355, 60, "#eceff4", raised, 'font-weight="700"'),
    `<rect x="70" y="400" width="${String(inner)}" height="28" rx="14" fill="#262e3a"/>`,
    `<rect x="${String(dir === "ltr" ? start : start - done)}" y="400" width="${String(done)}" height="28" rx="14" fill="#4fcf95"/>`,
    text(480, 34, "#a0a9b8", caps),
    `<text x="${String(start)}" y="570" font-size="28" fill="#a0a9b8">${xml(short(source, 70))}</text>`,
    `<circle cx="${String(end)}" cy="120" r="18" fill="#6c96ff"/>`,
    "</svg>",
  ].join("");
}

function short(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

function xml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u2066-\u2069]/g, "");
}
