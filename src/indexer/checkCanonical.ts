import type { Hex } from "viem";
import { codeMatches } from "../../deploy/codeMatches.ts";
import { namedContracts, oursAt, type NamedContract } from "../../deploy/namedContracts.ts";
import type { RpcPool } from "../chain/rpcPool.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import type { Problem } from "../sdk/problem.ts";

/** Throws `sale-not-canonical` unless each contract of each launch is Slipway's own, by address and by code. */
export async function checkCanonical(pool: RpcPool, records: readonly LaunchRecord[]): Promise<void> {
  for (const record of records) {
    const problems: Problem[] = [];
    for (const named of namedContracts(record)) problems.push(...(await problemsOf(pool, named)));
    if (problems.length > 0) throw indexerError("sale-not-canonical", record.sale, { problems });
  }
}

async function problemsOf(pool: RpcPool, named: NamedContract): Promise<Problem[]> {
  const { name, address, ours } = named;
  const problem = (field: string, got: string, wanted: string): Problem => ({
    ...{ code: "sale-not-canonical", field, got, wanted },
    wayOut: "Compare it with what this version of Slipway deploys.",
  });
  const own = oursAt(named);
  if (own === undefined) {
    const wanted = ours.map((one) => one.address).join(" or ");
    return [problem(name, address, wanted)];
  }

  // A node that is behind has no code yet. One that has ours is enough, as the address follows from it.
  for (let read = 0; read < 2 * pool.sources.length; read++) {
    const code = (await pool.request({ method: "eth_getCode", params: [address, "latest"] })) as Hex;
    if (codeMatches(own.artifact, code)) return [];
  }
  return [problem(`code of the ${name}`, "other code", `Slipway's ${own.artifact.contractName}`)];
}
