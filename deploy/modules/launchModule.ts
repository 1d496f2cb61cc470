import { buildModule } from "@nomicfoundation/ignition-core";
import type { Launch } from "../../src/sdk/launchFile/Launch.ts";
import { chainParameters, LOCAL_CHAIN_ID } from "../chains.ts";
import { canonicalModules } from "../canonical.ts";
import { deploymentOf } from "../deploymentOf.ts";
import { createAll } from "./createAll.ts";
import { localWorldModule } from "./localWorldModule.ts";

/** The contracts that all launches of the chain share, then this launch's sale, then its announcement. */
export function launchModule(launch: Launch) {
  const { sale, termsHash } = deploymentOf(launch);

  const modules = buildModule("Modules", (m) => {
    const world = launch.chainId === LOCAL_CHAIN_ID ? Object.values(m.useModule(localWorldModule())) : [];
    return createAll(m, canonicalModules(chainParameters(launch.chainId)), world);
  });
  return buildModule(`Launch_${termsHash.slice(2, 10)}`, (m) => {
    const placed = m.useModule(modules);
    const created = createAll(m, { sale }, Object.values(placed));
    m.call(placed.registry, "announce", [sale.address], { after: [created.sale] });
    return { ...placed, ...created };
  });
}
