import type { NetworkConnection } from "hardhat/types/network";
import { bytesToHex, type Hex, type LocalAccount } from "viem";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { LOCAL_CHAIN_ID } from "../../deploy/chains.ts";
import { launchError } from "../launch/launchErrors.ts";

/** Accounts that a local node has. */
const LOCAL_COUNT = 20;
/** Hardhat's published development mnemonic, whose accounts a local node holds. */
const LOCAL_MNEMONIC = "test test test test test test test test test test test junk";

/**
 * One of the network's accounts with its key, which comes from the keystore or a configuration variable: that of the
 * address named, else the first. A local node's accounts are known to everybody. Throws `no-account`.
 */
export async function accountOf(
  connection: Pick<NetworkConnection, "networkConfig" | "networkName" | "provider">,
  from = "",
): Promise<LocalAccount> {
  const accounts = await accountsOf(connection);
  const account =
    from === "" ? accounts[0] : accounts.find(({ address }) => address.toLowerCase() === from.toLowerCase());
  if (account === undefined) throw launchError("no-account", `${connection.networkName} ${from}`.trim());
  return account;
}

async function accountsOf({
  networkConfig,
  provider,
}: Pick<NetworkConnection, "networkConfig" | "provider">): Promise<LocalAccount[]> {
  const { accounts } = networkConfig;
  if (accounts === "remote" || networkConfig.type === "edr-simulated") {
    const chainId = Number(await provider.request({ method: "eth_chainId" }));
    return chainId === LOCAL_CHAIN_ID ? fromMnemonic(LOCAL_MNEMONIC, LOCAL_COUNT) : [];
  }
  if (Array.isArray(accounts)) {
    const keys = await Promise.all(
      accounts.map((key) => ("getHexString" in key ? key.getHexString() : key.privateKey.getHexString())),
    );
    return keys.map((key) => privateKeyToAccount(key as Hex));
  }
  const { mnemonic, passphrase, path, initialIndex, count } = accounts;
  return fromMnemonic(await mnemonic.get(), count, {
    ...{ passphrase: await passphrase.get(), path, initialIndex },
  });
}

/** Of all accounts that a local node has, in its order; known to everybody. */
export function localKeys(): Hex[] {
  return keysOf(LOCAL_MNEMONIC, LOCAL_COUNT);
}

function fromMnemonic(...of: Parameters<typeof keysOf>): LocalAccount[] {
  return keysOf(...of).map((key) => privateKeyToAccount(key));
}

/** The seed is stretched once, which takes most of the time, and each key is a child of one path. */
function keysOf(
  mnemonic: string,
  count: number,
  { passphrase = "", path = "m/44'/60'/0'/0", initialIndex = 0 } = {},
): Hex[] {
  const parent = mnemonicToAccount(mnemonic, { passphrase, path: path as `m/44'/60'/${string}` }).getHdKey();
  return Array.from({ length: count }, (_, index) =>
    bytesToHex(parent.deriveChild(initialIndex + index).privateKey ?? new Uint8Array()),
  );
}
