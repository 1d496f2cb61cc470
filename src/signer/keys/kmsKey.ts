import { createPublicKey } from "node:crypto";
import { bytesToHex, hexToBytes, type Hex } from "viem";
import { publicKeyToAddress } from "viem/utils";
import { signerError } from "../../sdk/signerErrors.ts";
import { classifyAwsError } from "../aws/classifyAwsError.ts";
import { loadSdk } from "../aws/loadSdk.ts";
import { createBatcher } from "../createBatcher.ts";
import { SecretFailure, withRetries, type Network } from "../secrets/SecretSource.ts";
import { loadCurve, type Curve } from "./loadCurve.ts";
import { compactSignature, type SigningKey } from "./SigningKey.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** KMS takes hundreds a second; more at once only meets its throttle. */
const AT_ONCE = 24;
const LONGEST_QUEUE = 2_000;

/**
 * A secp256k1 key in AWS KMS, by its id, ARN or alias. KMS signs differently each time, in DER, with high s about every second
 * time: signatures are normalised and recovered, and whoever uses this keeps the first. Throws `key-unusable`.
 */
export async function kmsKey({
  keyId,
  network,
  load = loadCurve,
}: {
  keyId: string;
  network: Network;
  load?: () => Promise<Curve>;
}): Promise<SigningKey> {
  const { client, sdk } = await openClient();
  const abort = () => ({ abortSignal: network.deadline() });
  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      const { kind, why } = classifyAwsError(cause);
      throw new SecretFailure(kind, why, { cause });
    }
  };

  const publicKey = await readPublicKey(async () =>
    ask(() => client.send(new sdk.GetPublicKeyCommand({ KeyId: keyId }), abort())),
  );
  const address = publicKeyToAddress(bytesToHex(publicKey));
  const { recover } = await load();

  const signOnce = async (digest: Uint8Array): Promise<Hex> => {
    const command = new sdk.SignCommand({
      ...{ KeyId: keyId, Message: digest, MessageType: "DIGEST" },
      SigningAlgorithm: "ECDSA_SHA_256",
    });
    const { Signature } = await withRetries(network, () => ask(() => client.send(command, abort())));
    const signature = readDer(Signature);
    for (const recid of [0, 1]) {
      const recovered = await recover(digest, { signature, recid }).catch(() => undefined);
      if (recovered !== undefined && Buffer.from(publicKey).equals(recovered))
        return compactSignature({ signature, recid });
    }
    throw signerError("signing-failed", "the signature is another key's");
  };
  const sign = createBatcher({
    run: async ([digest]: Uint8Array[]) => [await signOnce(digest ?? new Uint8Array())],
    ...{ atOnce: AT_ONCE, most: 1, longest: LONGEST_QUEUE },
  });

  return {
    address,
    backend: async () => "aws-kms",
    varies: true,
    sign: async (digest) => {
      try {
        return await sign(digest);
      } catch (error) {
        if (!(error instanceof SecretFailure)) throw error;
        // The order is kept: the same key gets its voucher when KMS answers again.
        if (error.kind === "unreachable")
          throw signerError("busy", `AWS KMS: ${error.message}`, { cause: error, retryAfter: 2 });
        throw signerError("signing-failed", `AWS KMS: ${error.message}`, { cause: error });
      }
    },
  };
}

async function openClient() {
  try {
    const sdk = await loadSdk("@aws-sdk/client-kms", () => import("@aws-sdk/client-kms"));
    return { sdk, client: new sdk.KMSClient({ maxAttempts: 1 }) };
  } catch (cause) {
    throw signerError("key-unusable", cause instanceof Error ? cause.message : "", { cause });
  }
}

/** The 65 bytes of the key, out of SubjectPublicKeyInfo. */
async function readPublicKey(
  ask: () => Promise<{ PublicKey?: Uint8Array | undefined }>,
): Promise<Uint8Array> {
  try {
    const { PublicKey } = await ask();
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" });
    const { crv, x, y } = key.export({ format: "jwk" });
    if (crv !== "secp256k1" || x === undefined || y === undefined) throw new Error("not of secp256k1");
    return Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "";
    throw signerError("key-unusable", `AWS KMS has no such key: ${why}`, { cause });
  }
}

/** 64 bytes with low s out of DER; throws `signing-failed` for what is no signature. */
function readDer(der: Uint8Array | undefined): Uint8Array {
  const bytes = Buffer.from(der ?? []);
  const [r, afterR] = readInteger(bytes, 2);
  const [s, end] = readInteger(bytes, afterR);
  const whole = bytes[0] === 0x30 && bytes[1] === bytes.length - 2 && end === bytes.length;
  if (!whole || r <= 0n || r >= ORDER || s <= 0n || s >= ORDER)
    throw signerError("signing-failed", "AWS KMS answered no signature");
  const low = s > ORDER / 2n ? ORDER - s : s;
  const word = (value: bigint): string => value.toString(16).padStart(64, "0");
  return hexToBytes(`0x${word(r)}${word(low)}`);
}

/** A DER integer and where it ends; -1 for what is none. */
function readInteger(bytes: Buffer, at: number): [value: bigint, end: number] {
  const length = bytes[at + 1] ?? 0;
  const end = at + 2 + length;
  if (bytes[at] !== 0x02 || length === 0 || length > 33 || end > bytes.length) return [-1n, end];
  return [BigInt(`0x${bytes.subarray(at + 2, end).toString("hex")}`), end];
}
