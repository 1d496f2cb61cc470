import { parseArgs } from "node:util";
import { SlipwayError, type Problem } from "../../src/sdk/problem.ts";

const demoVenues = ["v4", "v3", "v2"] as const;
export type DemoVenue = (typeof demoVenues)[number];

export type DemoOptions = {
  /** Where the token is listed. */
  venue: DemoVenue;
  /** End with exit 0 after the table, instead of opening a second sale. */
  once: boolean;
  /** Print one JSON object as the last line, and nothing else. */
  json: boolean;
  buyers: number;
  seed: number;
  basePort: number | undefined;
  /** kill -9 signer and indexer in mid-sale and start them again. */
  chaos: boolean;
};

export const usage = `npm start -- [options]
  --once          stop after the table, exit 0 when everything adds up; without it a second sale stays
                  open for you until Ctrl-C
  --json          print nothing but one JSON object, on the last line (implies --once)
  --venue V       list on Uniswap v4 (as without it), v3 or v2
  --buyers N      20 to 300 people act in the sale (25)
  --seed N        who buys how much; the same seed repeats exactly (1)
  --chaos         kill -9 signer and indexer in mid-sale and start them again
  --base-port N   four ports from N on, instead of 7400, 7410, 7420, 8545
  --help          this text`;

/** Throws `options-invalid` with every problem at once. Returns undefined when help was asked for. */
export function parseOptions(args: readonly string[]): DemoOptions | undefined {
  const problems: Problem[] = [];
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        once: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        chaos: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        venue: { type: "string", default: "v4" },
        buyers: { type: "string", default: "25" },
        seed: { type: "string", default: "1" },
        "base-port": { type: "string" },
      },
    }));
  } catch (cause) {
    throw new SlipwayError({
      code: "options-invalid",
      message: cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : "Unknown option.",
      wayOut: `These exist:\n${usage}`,
      cause,
    });
  }
  if (values.help) return undefined;

  function integer(field: string, text: string, least: number, most: number): number {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      problems.push({
        code: "option-out-of-range",
        field: `--${field}`,
        got: text,
        wanted: `a whole number from ${String(least)} to ${String(most)}`,
        wayOut: `npm start -- --${field} ${String(least)}`,
      });
    }
    return value;
  }

  function venueOf(text: string): DemoVenue {
    const venue = demoVenues.find((one) => one === text);
    if (venue === undefined) {
      problems.push({
        code: "option-unknown",
        field: "--venue",
        got: text,
        wanted: demoVenues.join(" or "),
        wayOut: "npm start -- --venue v4",
      });
    }
    return venue ?? "v4";
  }

  const basePort = values["base-port"];
  const options: DemoOptions = {
    once: values.once || values.json,
    json: values.json,
    chaos: values.chaos,
    venue: venueOf(values.venue),
    buyers: integer("buyers", values.buyers, 20, 300),
    seed: integer("seed", values.seed, 0, 4_294_967_295),
    basePort: basePort === undefined ? undefined : integer("base-port", basePort, 1024, 65_500),
  };
  if (problems.length > 0) {
    throw new SlipwayError({
      code: "options-invalid",
      message: "These options cannot be used:",
      wayOut: "",
      problems,
    });
  }
  return options;
}
