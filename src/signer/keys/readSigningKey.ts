import {
  isAddressEqual,
  recoverAddress,
  serializeCompactSignature,
  signatureToCompactSignature,
  type Address,
  type Hex,
} from "viem";
import { mnemonicToAccount, privateKeyToAddress, sign } from "viem/accounts";
import { signerError } from "../../sdk/signerErrors.ts";
import { readPrivateFile } from "./readPrivateFile.ts";

/** What signs vouchers: deterministic, so that the same digest gives the same 64 bytes (EIP-2098) on every replica. */
export type SigningKey = { address: Address; sign: (digest: Hex) => Promise<Hex> };

const LOCAL_CHAIN = 31337;
const PUBLISHED_MNEMONIC = "test test test test test test test test test test test junk";
const PUBLISHED_ACCOUNTS = 100;

/** Throws `key-unusable`. Keys that everybody knows are for the local chain alone. */
export function readSigningKey({ path, chainId }: { path: string; chainId: number }): SigningKey {
  const privateKey = readPrivateFile(path, "SIGNER_KEY_FILE", "key-unusable").trim() as Hex;
  let address: Address;
  try {
    if (!/^0x[0-9a-fA-F]{64}$/.test(privateKey)) throw new Error("not 32 bytes in hex");
    address = privateKeyToAddress(privateKey);
  } catch {
    throw signerError("key-unusable", `${path} does not hold a 0x-prefixed private key of 32 bytes`);
  }
  if (chainId !== LOCAL_CHAIN && isPublished(privateKey, address)) {
    throw signerError(
      "key-unusable",
      `${path} holds a key that everybody knows, on chain ${String(chainId)}`,
    );
  }

  return {
    address,
    sign: async (digest) => {
      const signature = await sign({ hash: digest, privateKey });
      const signer = await recoverAddress({ hash: digest, signature });
      if (!isAddressEqual(signer, address)) throw signerError("signing-failed");
      return serializeCompactSignature(signatureToCompactSignature(signature));
    },
  };
}

function isPublished(privateKey: Hex, address: Address): boolean {
  // A random key is this small once in 2^128 times.
  if (BigInt(privateKey) < 2n ** 128n || new Set(privateKey.slice(2).toLowerCase()).size < 4) return true;
  for (let addressIndex = 0; addressIndex < PUBLISHED_ACCOUNTS; addressIndex++) {
    if (mnemonicToAccount(PUBLISHED_MNEMONIC, { addressIndex }).address === address) return true;
  }
  return false;
}
