import { decryptKeystoreJson, encryptKeystoreJson, isKeystoreJson, Wallet } from "ethers";
import { signerError } from "../../sdk/signerErrors.ts";

/** The private key of a Web3 secret storage file, version 3, as geth, cast and wallets write it. Throws `key-unusable`. */
export async function openKeystore(json: string, password: string): Promise<string> {
  if (!isKeystoreJson(json)) throw signerError("key-unusable", "no keystore of version 3");
  try {
    return (await decryptKeystoreJson(json, password)).privateKey;
  } catch {
    throw signerError("key-unusable", "the keystore does not open with SIGNER_KEYSTORE_PASSWORD");
  }
}

/** A new random key, encrypted; `costs` are scrypt's, the usual ones where left out. */
export async function newKeystore(
  password: string,
  costs?: { N: number; r: number; p: number },
): Promise<{ address: string; json: string }> {
  const { address, privateKey } = Wallet.createRandom();
  const options = costs === undefined ? {} : { scrypt: costs };
  return { address, json: await encryptKeystoreJson({ address, privateKey }, password, options) };
}
