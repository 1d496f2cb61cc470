import { pad, toFunctionSelector, zeroAddress, type Hex } from "viem";
import { SlipwayError } from "../sdk/problem.ts";
import { indexerError } from "../sdk/indexerErrors.ts";
import type { LaunchRecord } from "../sdk/launchRecord.ts";
import type { RpcPool } from "./rpcPool.ts";

/**
 * Every node serves the record's chain, and there the sale of the record with its terms. Throws `chain-id-mismatch`,
 * `sale-not-deployed`, `terms-mismatch`, `record-inconsistent`; `rpc-unreachable` when no node answers. A node that is down is passed over.
 */
export async function checkLaunch(pool: RpcPool, records: readonly LaunchRecord[]): Promise<void> {
  let answered = 0;
  let failure: SlipwayError | undefined;
  for (const source of pool.sources) {
    const answers = await pool
      .ask(source, [{ method: "eth_chainId", params: [] }])
      .catch((error: unknown) => {
        if (!(error instanceof SlipwayError)) throw error;
        failure = error;
        return undefined;
      });
    const answer = answers?.[0];
    if (answer?.ok !== true) continue;
    answered += 1;
    for (const { chainId } of records) {
      const got = Number(answer.result);
      if (got !== chainId) {
        throw indexerError(
          "chain-id-mismatch",
          `${source.name} serves ${String(got)}, the record names ${String(chainId)}`,
        );
      }
    }
  }
  if (answered === 0) throw failure ?? indexerError("rpc-unreachable", "no node told its chain id");

  for (const record of records) await checkSale(pool, record);
}

async function checkSale(pool: RpcPool, { sale, termsHash, token }: LaunchRecord): Promise<void> {
  // A node that is behind does not have the contract yet: all are asked before the record is doubted.
  for (let read = 0; ; read++) {
    const code = (await pool.request({ method: "eth_getCode", params: [sale, "latest"] })) as Hex;
    if (code !== "0x") break;
    if (read >= 2 * pool.sources.length) throw indexerError("sale-not-deployed", sale);
  }
  const word = async (signature: string): Promise<Hex> => {
    const call = {
      method: "eth_call",
      params: [{ to: sale, data: toFunctionSelector(signature) }, "latest"],
    };
    return (await pool.request(call)) as Hex;
  };
  const got = await word("termsHash()");
  if (got !== termsHash) throw indexerError("terms-mismatch", `${sale} says ${got}, the record ${termsHash}`);
  // A record from before a listing that bears the token has none.
  const born = await word("token()");
  if (token !== zeroAddress && born !== pad(token).toLowerCase()) {
    throw indexerError("record-inconsistent", `its token is ${token}, the sale's ${born}`);
  }
}
