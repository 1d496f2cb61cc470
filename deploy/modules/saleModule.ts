import { buildModule } from "@nomicfoundation/ignition-core";
import { termsHash, type Terms } from "../../src/sdk/terms.ts";
import { saleCreation } from "../saleCreation.ts";
import { createAll } from "./createAll.ts";

/** One sale alone: what its terms name is there already. */
export function saleModule(terms: Terms) {
  const { sale } = saleCreation(terms);
  return buildModule(`Sale_${termsHash(terms).slice(2, 10)}`, (m) => createAll(m, { sale }));
}
