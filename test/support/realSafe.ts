import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  concat,
  encodeDeployData,
  encodeFunctionData,
  getCreate2Address,
  numberToHex,
  parseEventLogs,
  size,
  zeroAddress,
  zeroHash,
  type Abi,
  type Address,
  type Hex,
  type PublicClient,
} from "viem";
import { mnemonicToAccount, type HDAccount } from "viem/accounts";
import { KEYLESS_DEPLOYER } from "../../deploy/keyless.ts";

/** Where the Safe's own contracts are created from, on every chain. */
const SINGLETON_FACTORY: Address = "0x914d7Fec6aaC8cd542e72Bca78B30650d45643d7";
const MNEMONIC = "test test test test test test test test test test test junk";

function artifact(path: string): { abi: Abi; bytecode: Hex } {
  const file = `@safe-global/safe-smart-account/build/artifacts/contracts/${path}.json`;
  const { abi, bytecode } = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve(file), "utf8"),
  ) as { abi: Abi; bytecode: Hex };
  return { abi, bytecode };
}

/** A Safe of version 1.5.0 as its npm package has it, at the addresses it has on every chain; two of three owners sign. */
export async function bringSafe(chain: PublicClient) {
  const rpc = async <T>(method: string, params: unknown[] = []): Promise<T> =>
    await chain.request<{ Method: string; Parameters: unknown[]; ReturnType: T }>({ method, params });
  const [sender] = await rpc<[Address]>("eth_accounts");
  const send = async (to: Address, data: Hex, gas?: Hex) => {
    const hash = await rpc<Hex>("eth_sendTransaction", [
      { from: sender, to, data, ...(gas === undefined ? {} : { gas }) },
    ]);
    return chain.waitForTransactionReceipt({ hash });
  };
  // The same runtime as the keyless deployer's, under another creator.
  const runtime =
    "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3";
  await rpc("hardhat_setCode", [SINGLETON_FACTORY, `0x${runtime}`]);
  const create = async (path: string): Promise<Address> => {
    const bytecode = encodeDeployData({ ...artifact(path), args: [] });
    await send(SINGLETON_FACTORY, concat([zeroHash, bytecode]));
    return getCreate2Address({ from: SINGLETON_FACTORY, salt: zeroHash, bytecode });
  };
  const singleton = await create("Safe.sol/Safe");
  const factory = await create("proxies/SafeProxyFactory.sol/SafeProxyFactory");
  const multiSend = await create("libraries/MultiSendCallOnly.sol/MultiSendCallOnly");

  const owners = [1, 2, 3].map((addressIndex) => mnemonicToAccount(MNEMONIC, { addressIndex }));
  const { abi } = artifact("Safe.sol/Safe");
  const setup = encodeFunctionData({
    abi,
    functionName: "setup",
    args: [
      ...[owners.map(({ address }) => address), 2n, zeroAddress, "0x", zeroAddress],
      ...[zeroAddress, 0n, zeroAddress],
    ],
  });
  const proxies = artifact("proxies/SafeProxyFactory.sol/SafeProxyFactory").abi;
  const { logs } = await send(
    factory,
    encodeFunctionData({ abi: proxies, functionName: "createProxyWithNonce", args: [singleton, setup, 0n] }),
  );
  const [created] = parseEventLogs({ abi: proxies, logs, eventName: "ProxyCreation" });
  const safe = (created?.args as unknown as { proxy: Address }).proxy;

  type Call = { to: Address; value: bigint; data: Hex; operation: number; nonce: bigint };
  const parameters = ({ to, value, data, operation }: Call) => [
    ...[to, value, data, operation, 0n, 0n, 0n, zeroAddress, zeroAddress],
  ];
  const hashOf = (call: Call): Promise<Hex> =>
    chain.readContract({
      ...{ address: safe, abi, functionName: "getTransactionHash", args: [...parameters(call), call.nonce] },
    }) as Promise<Hex>;
  /** Signed by two owners over the hash, and executed by anybody; throws where it reverts. */
  async function execute(call: Call, hash: Hex): Promise<void> {
    const signers = owners
      .slice(0, 2)
      .sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
    const signatures = concat(await Promise.all(signers.map((owner: HDAccount) => owner.sign({ hash }))));
    const args = [...parameters(call), signatures];
    const data = encodeFunctionData({ abi, functionName: "execTransaction", args });
    if (size(data) > 128 * 1024) throw new Error("more than nodes pass on");
    const { status, gasUsed } = await send(safe, data, "0x1000000");
    if (status !== "success") throw new Error(`execTransaction reverted after ${String(gasUsed)} gas`);
  }

  return {
    ...{ safe, owners, multiSend, deployer: KEYLESS_DEPLOYER },
    ...{ hashOf, execute },
    /** The Safe changes itself. */
    async act(functionName: string, args: readonly unknown[]): Promise<void> {
      const nonce = (await chain.readContract({ address: safe, abi, functionName: "nonce" })) as bigint;
      const data = encodeFunctionData({ abi, functionName, args });
      const call = { to: safe, value: 0n, data, operation: 0, nonce };
      await execute(call, await hashOf(call));
    },
    /** One call as it is, several by the library's own delegate call. */
    combine(calls: readonly { to: Address; value: bigint; data: Hex }[]) {
      const [only] = calls;
      if (calls.length === 1 && only !== undefined) return { ...only, operation: 0 };
      const packed = calls.map(({ to, value, data }) =>
        concat([
          ...["0x00" as Hex, to, numberToHex(value, { size: 32 })],
          ...[numberToHex((data.length - 2) / 2, { size: 32 }), data],
        ]),
      );
      const { abi: library } = artifact("libraries/MultiSendCallOnly.sol/MultiSendCallOnly");
      const data = encodeFunctionData({ abi: library, functionName: "multiSend", args: [concat(packed)] });
      return { to: multiSend, value: 0n, data, operation: 1 };
    },
  };
}
