import demo from "../../launch.config.ts";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import { poolDefaults } from "../../src/sdk/launchFile/poolDefaults.ts";
import type { DemoVenue } from "./options.ts";

/** The demo's launch, listed on the venue that was asked for. */
export function demoLaunch(venue: DemoVenue): Launch {
  const listing = { ...demo.listing, venue: `uniswap-${venue}` as const };
  return { ...demo, listing: { ...listing, ...poolDefaults[listing.venue] } };
}
