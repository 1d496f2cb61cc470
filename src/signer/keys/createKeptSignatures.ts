import type { Pool } from "pg";
import { isAddressEqual, parseCompactSignature, recoverAddress, type Hex } from "viem";
import { signerError } from "../../sdk/signerErrors.ts";
import type { SigningKey } from "./SigningKey.ts";

/** A key that varies, so that all replicas give one signature for a digest: who stores first has signed for all. */
export function createKeptSignatures(key: SigningKey, pool: Pool): SigningKey {
  const signer = key.address.toLowerCase();

  async function find(digest: Buffer): Promise<Hex | undefined> {
    const { rows } = await pool.query<{ signature: Buffer }>({
      name: "find-signature",
      text: "SELECT signature FROM signatures WHERE digest = $1 AND signer = $2",
      values: [digest, signer],
    });
    return rows[0] === undefined ? undefined : `0x${rows[0].signature.toString("hex")}`;
  }

  async function keepFirst(digest: Buffer, signature: Hex): Promise<Hex | undefined> {
    await pool.query({
      name: "keep-signature",
      text: "INSERT INTO signatures (digest, signer, signature) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
      values: [digest, signer, Buffer.from(signature.slice(2), "hex")],
    });
    return find(digest);
  }

  return {
    ...key,
    sign: async (bytes) => {
      const digest = Buffer.from(bytes);
      const signature = (await find(digest)) ?? (await keepFirst(digest, await key.sign(digest)));
      // Also of what the database gave: nothing else leaves.
      if (signature === undefined || !(await isOurs(digest, signature)))
        throw signerError("signing-failed", "as stored");
      return signature;
    },
  };

  async function isOurs(digest: Buffer, signature: Hex): Promise<boolean> {
    try {
      const parts = parseCompactSignature(signature);
      const { r, yParityAndS } = parts;
      const s = BigInt(yParityAndS) & (2n ** 255n - 1n);
      const yParity = Number(BigInt(yParityAndS) >> 255n);
      const hash: Hex = `0x${digest.toString("hex")}`;
      const full = { r, s: `0x${s.toString(16).padStart(64, "0")}` as const, yParity };
      return isAddressEqual(await recoverAddress({ hash, signature: full }), key.address);
    } catch {
      return false;
    }
  }
}
