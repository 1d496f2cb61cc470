import type { Address, Hex } from "viem";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { signerError } from "../../sdk/signerErrors.ts";
import { loadCurve, type Curve } from "./loadCurve.ts";
import { compactSignature, type SigningKey } from "./SigningKey.ts";

const PUBLISHED_MNEMONIC = "test test test test test test test test test test test junk";
const PUBLISHED_ACCOUNTS = 100;

/** A key in this process's memory. Keys that everybody knows are for the local chain alone. Throws `key-unusable`. */
export function localKey({
  privateKey,
  local,
  load = loadCurve,
}: {
  /** 0x and 32 bytes in hex. */
  privateKey: string;
  local: boolean;
  load?: () => Promise<Curve>;
}): SigningKey {
  let account: ReturnType<typeof privateKeyToAccount>;
  try {
    if (!isHexKey(privateKey)) throw new Error("not 32 bytes in hex");
    account = privateKeyToAccount(privateKey);
  } catch {
    throw signerError("key-unusable", "no 0x-prefixed private key of 32 bytes");
  }
  const { address } = account;
  if (!local && isPublished(privateKey, address))
    throw signerError("key-unusable", "a key that everybody knows, on a chain that is not local");

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
      return compactSignature(signed);
    },
  };
}

function isHexKey(text: string): text is Hex {
  return /^0x[0-9a-fA-F]{64}$/.test(text);
}

function isPublished(privateKey: Hex, address: Address): boolean {
  // A random key is this small once in 2^128 times.
  if (BigInt(privateKey) < 2n ** 128n || new Set(privateKey.slice(2).toLowerCase()).size < 4) return true;
  for (let addressIndex = 0; addressIndex < PUBLISHED_ACCOUNTS; addressIndex++) {
    if (mnemonicToAccount(PUBLISHED_MNEMONIC, { addressIndex }).address === address) return true;
  }
  return false;
}
