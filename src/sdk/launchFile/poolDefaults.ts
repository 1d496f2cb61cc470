import type { Launch, Venue } from "./Launch.ts";

/** Tick spacing of each fee tier that every v3 factory has; further ones its owner may have added. */
export const tickSpacingsV3: Readonly<Record<number, number>> = { 500: 10, 3_000: 60, 10_000: 200 };

/** Fee tier and tick spacing that a venue lists with where the launch file names none; v2 has no others. */
export const poolDefaults = {
  "uniswap-v4": { feeTier: 3_000, tickSpacing: 60 },
  "uniswap-v3": { feeTier: 3_000, tickSpacing: 60 },
  "uniswap-v2": { feeTier: 3_000, tickSpacing: 0 },
  none: { feeTier: 0, tickSpacing: 0 },
} as const satisfies Record<Venue, Pick<Launch["listing"], "feeTier" | "tickSpacing">>;

export const venues = Object.keys(poolDefaults) as Venue[];
