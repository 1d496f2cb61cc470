import { buildModule } from "@nomicfoundation/ignition-core";
import { localWorld } from "../localWorld.ts";
import { createAll } from "./createAll.ts";

/** Uniswap, WETH9 and a mock dollar, for a local chain. */
export function localWorldModule() {
  return buildModule("LocalWorld", (m) => createAll(m, localWorld()));
}
