import { generateKeyPairSync, randomBytes, randomInt } from "node:crypto";
import native from "secp256k1/bindings.js";

/** Of secp256k1's group. */
export const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

type Reply = { status: number; body: unknown };

export function kmsRefusal(type: string): Reply {
  return { status: 400, body: { __type: type, message: "about a key" } };
}

/** What AWS KMS answers, as it is documented, to the two questions that the signer has. */
export function answerAsKms(
  target: string,
  body: string,
  { keyId, spki, sign }: { keyId: string; spki: string; sign: (digest: Buffer) => Buffer },
): Reply {
  const asked = JSON.parse(body) as Record<string, string>;
  if (asked["KeyId"] !== keyId) return kmsRefusal("NotFoundException");
  const about = { KeyId: "arn:aws:kms:eu-central-1:1:key/1", SigningAlgorithm: "ECDSA_SHA_256" };
  if (target === "TrentService.GetPublicKey")
    return { status: 200, body: { ...about, KeySpec: "ECC_SECG_P256K1", PublicKey: spki } };
  const digest = Buffer.from(asked["Message"] ?? "", "base64");
  const right = asked["MessageType"] === "DIGEST" && asked["SigningAlgorithm"] === "ECDSA_SHA_256";
  if (target !== "TrentService.Sign" || !right || digest.length !== 32)
    return kmsRefusal("ValidationException");
  return { status: 200, body: { ...about, Signature: sign(digest).toString("base64") } };
}

/** With a random number each time, with high s every second time, in DER. */
export function signDigest(privateKey: Uint8Array, digest: Buffer): Buffer {
  const { signature } = native.ecdsaSign(digest, privateKey, { data: randomBytes(32) });
  const [r, low] = [signature.subarray(0, 32), signature.subarray(32)].map((word) =>
    BigInt(`0x${Buffer.from(word).toString("hex")}`),
  ) as [bigint, bigint];
  const parts = [r, randomInt(2) === 0 ? low : ORDER - low].map((value) => {
    const bytes = Buffer.from(
      value
        .toString(16)
        .padStart(64, "0")
        .replace(/^(00)+/, ""),
      "hex",
    );
    const positive = (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
    return Buffer.concat([Buffer.of(2, positive.length), positive]);
  });
  const whole = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(0x30, whole.length), whole]);
}

export function newPair(): { privateKey: Uint8Array; spki: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  const { d = "" } = privateKey.export({ format: "jwk" });
  const spki = publicKey.export({ format: "der", type: "spki" }).toString("base64");
  return { privateKey: Buffer.from(d, "base64url"), spki };
}
