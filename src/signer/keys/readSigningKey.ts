import type { Address, Hex } from "viem";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { signerError } from "../../sdk/signerErrors.ts";
import { loadCurve, type Curve } from "./loadCurve.ts";
import { readPrivateFile } from "./readPrivateFile.ts";

/** What signs vouchers: deterministic, so that the same digest gives the same 64 bytes (EIP-2098) on every replica. */
export type SigningKey = {
  address: Address;
  /** What does the arithmetic, once its self-test has passed; throws `key-unusable`. */
  backend: () => Promise<Curve["backend"]>;
  sign: (digest: Uint8Array) => Promise<Hex>;
};

const LOCAL_CHAIN = 31337;
const PUBLISHED_MNEMONIC = "test test test test test test test test test test test junk";
const PUBLISHED_ACCOUNTS = 100;

/** Throws `key-unusable`. Keys that everybody knows are for the local chain alone. */
export function readSigningKey({
  path,
  chainId,
  load = loadCurve,
}: {
  path: string;
  chainId: number;
  load?: () => Promise<Curve>;
}): SigningKey {
  const privateKey = readPrivateFile(path, "SIGNER_KEY_FILE", "key-unusable").trim() as Hex;
  let account: ReturnType<typeof privateKeyToAccount>;
  try {
    if (!/^0x[0-9a-fA-F]{64}$/.test(privateKey)) throw new Error("not 32 bytes in hex");
    account = privateKeyToAccount(privateKey);
  } catch {
    throw signerError("key-unusable", `${path} does not hold a 0x-prefixed private key of 32 bytes`);
  }
  const { address } = account;
  if (chainId !== LOCAL_CHAIN && isPublished(privateKey, address)) {
    throw signerError(
      "key-unusable",
      `${path} holds a key that everybody knows, on chain ${String(chainId)}`,
    );
  }

  const publicKey = Buffer.from(account.publicKey.slice(2), "hex");
  const secret = Buffer.from(privateKey.slice(2), "hex");
  const curve = load();
  // Whoever asks first is told.
  curve.catch(() => undefined);
  return {
    address,
    backend: async () => (await curve).backend,
    sign: async (digest) => {
      const { sign, recover } = await curve;
      const signed = await sign(digest, secret);
      if (!publicKey.equals(await recover(digest, signed))) throw signerError("signing-failed");
      return compact(signed);
    },
  };
}

/** EIP-2098: the recovery id is the highest bit of s, which is free as s is low. */
function compact({ signature, recid }: { signature: Uint8Array; recid: number }): Hex {
  const bytes = Buffer.from(signature);
  bytes[32] = (bytes[32] ?? 0) | (recid << 7);
  return `0x${bytes.toString("hex")}`;
}

function isPublished(privateKey: Hex, address: Address): boolean {
  // A random key is this small once in 2^128 times.
  if (BigInt(privateKey) < 2n ** 128n || new Set(privateKey.slice(2).toLowerCase()).size < 4) return true;
  for (let addressIndex = 0; addressIndex < PUBLISHED_ACCOUNTS; addressIndex++) {
    if (mnemonicToAccount(PUBLISHED_MNEMONIC, { addressIndex }).address === address) return true;
  }
  return false;
}
