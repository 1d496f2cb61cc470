import { bytesToHex, hexToBytes, recoverPublicKey } from "viem";
import { privateKeyToAccount, sign } from "viem/accounts";
import { signerError } from "../../sdk/signerErrors.ts";

type Bytes = Uint8Array;

/** ECDSA over secp256k1: deterministic (RFC 6979), low s; 64 bytes and the recovery id. */
export type Curve = {
  backend: "native" | "javascript";
  sign: (digest: Bytes, privateKey: Bytes) => Promise<{ signature: Bytes; recid: number }>;
  /** The 65 bytes of the public key. */
  recover: (digest: Bytes, signed: { signature: Bytes; recid: number }) => Promise<Bytes>;
};

/** Seven times as fast where the platform has it; both give the same bytes, which the self-test of each sees. */
export async function loadCurve(load: () => Promise<Curve> = loadNative): Promise<Curve> {
  let curve: Curve;
  try {
    curve = await load();
  } catch {
    curve = javascript;
  }
  await selfTest(curve);
  return curve;
}

async function loadNative(): Promise<Curve> {
  const { default: native } = await import("secp256k1/bindings.js");
  return {
    backend: "native",
    sign: async (digest, privateKey) => native.ecdsaSign(digest, privateKey),
    recover: async (digest, { signature, recid }) => native.ecdsaRecover(signature, recid, digest, false),
  };
}

const javascript: Curve = {
  backend: "javascript",
  sign: async (digest, privateKey) => {
    const { r, s, yParity } = await sign({ hash: bytesToHex(digest), privateKey: bytesToHex(privateKey) });
    if (yParity === undefined) throw new Error("no recovery id");
    return { signature: hexToBytes(`${r}${s.slice(2)}`), recid: yParity };
  },
  recover: async (digest, { signature, recid }) => {
    const [r, s] = [bytesToHex(signature.slice(0, 32)), bytesToHex(signature.slice(32))];
    const parts = { r, s, yParity: recid };
    return hexToBytes(await recoverPublicKey({ hash: bytesToHex(digest), signature: parts }));
  },
};

/** Signature and recovery id of private key 1 under the digest 1, 2, …, 32, by ethers. */
const KNOWN =
  "0xd5ebc88d029956fde425fcd18bcd79824ca3d8b1fde30743ec8add79f07abf331d0cbe5f24aac4c3366d72c8f717ff8815fc0074060f168401d7967bbae7a8080";

/** Throws `key-unusable`. */
async function selfTest(curve: Curve): Promise<void> {
  const privateKey = new Uint8Array(32);
  privateKey[31] = 1;
  const digest = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
  const signed = await curve.sign(digest, privateKey);
  const recovered = await curve.recover(digest, signed);
  const { publicKey } = privateKeyToAccount(bytesToHex(privateKey));
  if (bytesToHex(signed.signature) + String(signed.recid) === KNOWN && bytesToHex(recovered) === publicKey)
    return;
  throw signerError("key-unusable", `the ${curve.backend} curve failed its self-test`);
}
