import { buildModule } from "@nomicfoundation/ignition-core";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import { LOCAL_CHAIN_ID } from "../chains.ts";
import { deploymentOf } from "../deploymentOf.ts";
import { createAll } from "./createAll.ts";
import { localWorldModule } from "./localWorldModule.ts";

/** The contracts that all launches of the chain share and this one names, then its sale, then its announcement. */
export function launchModule(launch: Launch) {
  const { sale, termsHash, modules, venue } = deploymentOf(launch);
  const { vesting, registry } = modules;
  const shared = buildModule("Modules", (m) => {
    const world = launch.chainId === LOCAL_CHAIN_ID ? Object.values(m.useModule(localWorldModule())) : [];
    return createAll(m, { vesting, registry }, world);
  });
  // A module of its own, so that one journal takes launches on several venues.
  const listing = buildModule(`Venue_${launch.listing.venue.replace("-", "_")}`, (m) =>
    createAll<string>(m, venue === undefined ? {} : { venue }, Object.values(m.useModule(shared))),
  );
  return buildModule(`Launch_${termsHash.slice(2, 10)}`, (m) => {
    const placed = { ...m.useModule(shared), ...m.useModule(listing) };
    const created = createAll(m, { sale }, Object.values(placed));
    m.call(placed.registry, "announce", [sale.address], { after: [created.sale] });
    return { ...placed, ...created };
  });
}
