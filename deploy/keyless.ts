import { keccak256, numberToHex, type Address, type Hex } from "viem";
import { deployError } from "./deployErrors.ts";

/** The CREATE2 deployer that has one address on every chain: calldata is salt (32 bytes) and init code. */
export const KEYLESS_DEPLOYER: Address = "0x4e59b44847b379578588920cA78FbF26c0B4956C";

/** Whoever signed its creation: recovered from a signature nobody has a key for. */
const CREATOR: Address = "0x3fAB184622Dc19b6109349B94811493BF2a45362";
const CREATION_COST = 10n ** 16n; // 0.01 ETH: 100,000 gas at 100 gwei
const RUNTIME = `7f${"f".repeat(62)}e03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3`;
const CREATION: Hex = `0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe${RUNTIME}1ba0${"22".repeat(32)}a0${"22".repeat(32)}`;

/** What it takes where the deployer is missing: whoever signed its creation is paid, then the signed creation is sent. */
export const keylessCreation = { creator: CREATOR, cost: CREATION_COST, signed: CREATION };

type Provider = { request: (call: { method: string; params?: unknown[] }) => Promise<unknown> };

/** Creates the deployer where it is not there, paid by the node's first account; throws `keyless-deployer-wrong`. */
export async function bringKeylessDeployer(provider: Provider): Promise<void> {
  const code = () =>
    provider.request({ method: "eth_getCode", params: [KEYLESS_DEPLOYER, "latest"] }) as Promise<Hex>;
  if ((await code()) === "0x") {
    const [from] = (await provider.request({ method: "eth_accounts" })) as Address[];
    const funding = { from, to: CREATOR, value: numberToHex(CREATION_COST) };
    await provider.request({ method: "eth_sendTransaction", params: [funding] });
    await provider.request({ method: "eth_sendRawTransaction", params: [CREATION] });
  }

  const got = await code();
  if (got !== `0x${RUNTIME}`) {
    throw deployError(
      "keyless-deployer-wrong",
      `${KEYLESS_DEPLOYER} hashes to ${keccak256(got)}, not to ${keccak256(`0x${RUNTIME}`)}`,
    );
  }
}
