import {
  BaseError,
  encodeEventTopics,
  keccak256,
  numberToHex,
  type Address,
  type Hex,
  type PublicClient,
} from "viem";
import { launchRegistryAbi } from "../../sdk/abi/LaunchRegistry.ts";
import { launchError } from "../launchErrors.ts";
import type { Postcondition } from "./Plan.ts";

type Reader = Pick<PublicClient, "getCode" | "getBalance" | "request">;

/** Ranges of blocks in which an announcement is looked for, from the latest backwards, where all at once is too much. */
const LOG_RANGE = 10_000n;
const MOST_RANGES = 50;

/** Whether a step's postcondition holds. Throws `code-differs` where other code lies at a contract's address. */
export async function isDone(chain: Reader, wanted: Postcondition): Promise<boolean> {
  switch (wanted.kind) {
    case "contract": {
      const code = await chain.getCode({ address: wanted.address });
      if (code === undefined) return false;
      const got = keccak256(code);
      if (got === wanted.codeHash) return true;
      throw launchError("code-differs", `${wanted.address} hashes to ${got}, not to ${wanted.codeHash}`);
    }
    case "funded":
      if ((await chain.getCode({ address: wanted.unless })) !== undefined) return true;
      return (await chain.getBalance({ address: wanted.address })) >= wanted.wei;
    case "announced":
      return isAnnounced(chain, wanted);
  }
}

/** One that was announced too long ago to be found is announced again, which changes nothing. */
async function isAnnounced(
  chain: Reader,
  { registry, sale }: { registry: Address; sale: Address },
): Promise<boolean> {
  if ((await chain.getCode({ address: sale })) === undefined) return false;
  const topics = encodeEventTopics({ abi: launchRegistryAbi, eventName: "Announced", args: { sale } });
  const logs = async (from: bigint, to: bigint | "latest"): Promise<readonly unknown[]> => {
    const toBlock = to === "latest" ? to : numberToHex(to);
    const filter = {
      address: registry,
      topics: topics as [Hex, ...Hex[]],
      fromBlock: numberToHex(from),
      toBlock,
    };
    return chain.request({ method: "eth_getLogs", params: [filter] } as never);
  };

  try {
    return (await logs(0n, "latest")).length > 0;
  } catch (error) {
    if (!(error instanceof BaseError)) throw error;
  }
  let to = BigInt(await chain.request({ method: "eth_blockNumber" }));
  for (let range = 0; range < MOST_RANGES && to >= 0n; range++) {
    const from = to >= LOG_RANGE ? to - LOG_RANGE + 1n : 0n;
    if ((await logs(from, to)).length > 0) return true;
    to = from - 1n;
  }
  return false;
}
