import { expect } from "chai";
import { randomBytes } from "node:crypto";
import type { Pool } from "pg";
import { isAddressEqual, parseCompactSignature, recoverAddress, type Hex } from "viem";
import { migrate, readMigrations } from "../../src/database/migrate.ts";
import { createPool } from "../../src/database/pool.ts";
import { createKeptSignatures } from "../../src/signer/keys/createKeptSignatures.ts";
import { kmsKey } from "../../src/signer/keys/kmsKey.ts";
import type { SigningKey } from "../../src/signer/keys/SigningKey.ts";
import { pointAwsAt, startFakeStore, type FakeStore } from "../support/fakeStore.ts";
import { answerAsKms, kmsRefusal, newPair, ORDER, signDigest } from "../support/kms.ts";
import { testDatabase } from "../support/postgres.ts";
import { codeOf } from "../support/signerUnderTest.ts";

const KEY_ID = "alias/slipway";

/** As a KMS key signs: by the same curve and another random number each time, in DER. */
describe("a key in AWS KMS", () => {
  let kms: FakeStore;
  let putBack: () => void;
  let key: SigningKey;
  let pool: Pool;
  const pair = newPair();
  const other = newPair();
  let signing: (digest: Buffer) => Buffer = () => Buffer.alloc(0);
  const bySecp256k1 = (privateKey: Uint8Array) => (digest: Buffer) => signDigest(privateKey, digest);

  before(async () => {
    kms = await startFakeStore({
      well: ({ headers }, body) =>
        answerAsKms(String(headers["x-amz-target"]), body, {
          ...{ keyId: KEY_ID, spki: pair.spki, sign: (digest) => signing(digest) },
        }),
      throttled: kmsRefusal("ThrottlingException"),
      denied: kmsRefusal("AccessDeniedException"),
      misshapen: { status: 200, body: { Signature: Buffer.from("30060201", "hex").toString("base64") } },
    });
    putBack = pointAwsAt("KMS", kms.url);
    key = await kmsKey({ keyId: KEY_ID, network: kms.network });
    pool = createPool({ connectionString: await testDatabase(), applicationName: "kms" });
    await migrate(
      pool,
      readMigrations(new URL("../../src/signer/store/migrations", import.meta.url).pathname),
    );
  });
  beforeEach(() => {
    kms.behave("well");
    signing = bySecp256k1(pair.privateKey);
  });
  after(async () => {
    putBack();
    kms.close();
    await pool.end();
  });

  const recovered = async (digest: Buffer, signature: Hex) => {
    const { r, yParityAndS } = parseCompactSignature(signature);
    const both = BigInt(yParityAndS);
    const s = both & (2n ** 255n - 1n);
    expect(s <= ORDER / 2n, "low s").to.equal(true);
    const parts = { r, s: `0x${s.toString(16).padStart(64, "0")}` as const, yParity: Number(both >> 255n) };
    return recoverAddress({ hash: `0x${digest.toString("hex")}`, signature: parts });
  };

  it("gives signatures of 64 bytes with low s that recover to its address, whatever KMS gives", async () => {
    const seen = { high: 0, short: 0 };
    signing = (digest) => {
      const der = signDigest(pair.privateKey, digest);
      const { s, lengths } = readSigned(der);
      if (s > ORDER / 2n) seen.high += 1;
      if (lengths.some((length) => length !== 32)) seen.short += 1;
      return der;
    };
    for (let run = 0; run < 40; run++) {
      const digest = randomBytes(32);
      expect(isAddressEqual(await recovered(digest, await key.sign(digest)), key.address)).to.equal(true);
    }
    expect(seen.high).to.be.greaterThan(0);
    expect(seen.short).to.be.greaterThan(0);
  });

  it("takes r and s that are shorter than 32 bytes", async () => {
    // By search: about one in 128 has such an r or s.
    const search = (digest: Buffer): Buffer => {
      for (;;) {
        const der = signDigest(pair.privateKey, digest);
        if (readSigned(der).lengths.some((length) => length < 32)) return der;
      }
    };
    signing = search;
    const digest = randomBytes(32);
    expect(isAddressEqual(await recovered(digest, await key.sign(digest)), key.address)).to.equal(true);
  });

  const wrong: [string, (digest: Buffer) => Buffer][] = [
    ["by another key", bySecp256k1(other.privateKey)],
    ["of another digest", () => signDigest(pair.privateKey, randomBytes(32))],
    ["cut off", (digest) => signDigest(pair.privateKey, digest).subarray(0, 60)],
    ["with bytes behind", (digest) => Buffer.concat([signDigest(pair.privateKey, digest), Buffer.of(0)])],
    ["of nothing", () => Buffer.alloc(0)],
    ["of zeros", () => Buffer.from("3006020100020100", "hex")],
  ];
  for (const [what, by] of wrong) {
    it(`lets no signature out that is ${what}`, async () => {
      signing = by;
      expect(await codeOf(key.sign(randomBytes(32)))).to.equal("signing-failed");
    });
  }

  for (const [behaviour, code] of [
    ["throttling", "busy"],
    ["hanging", "busy"],
    ["cutting", "busy"],
    ["failing", "busy"],
    ["denying", "signing-failed"],
    ["garbled", "signing-failed"],
    ["misshapen", "signing-failed"],
  ] as const) {
    it(`answers ${code} while KMS is ${behaviour}, and signs after it`, async () => {
      kms.behave(behaviour);
      const digest = randomBytes(32);
      expect(await codeOf(key.sign(digest))).to.equal(code);
      kms.behave("well");
      expect(await codeOf(key.sign(digest))).to.equal("passed");
    });
  }

  it("is not begun with where KMS has none, or does not give it", async () => {
    expect(await codeOf(kmsKey({ keyId: "alias/none", network: kms.network }))).to.equal("key-unusable");
    kms.behave("denying");
    expect(await codeOf(kmsKey({ keyId: KEY_ID, network: kms.network }))).to.equal("key-unusable");
  });

  it("gives one signature for a digest, on every replica, by whoever stored first", async () => {
    const replicas = [createKeptSignatures(key, pool), createKeptSignatures(key, pool)] as const;
    const digest = randomBytes(32);
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? replicas[0] : replicas[1]).sign(digest)),
    );
    expect(new Set(all).size).to.equal(1);
    kms.behave("denying");
    expect(await replicas[1].sign(digest), "without asking KMS").to.equal(all[0]);
    expect(await codeOf(replicas[1].sign(randomBytes(32)))).to.equal("signing-failed");
  });

  it("lets no stored signature out that does not recover to it", async () => {
    const digest = randomBytes(32);
    const kept = createKeptSignatures(key, pool);
    await kept.sign(digest);
    await pool.query("UPDATE signatures SET signature = set_byte(signature, 5, get_byte(signature, 5) # 1)");
    expect(await codeOf(kept.sign(digest))).to.equal("signing-failed");
  });
});

function readSigned(der: Buffer): { s: bigint; lengths: number[] } {
  const rLength = der[3] ?? 0;
  const sLength = der[5 + rLength] ?? 0;
  const s = BigInt(`0x${der.subarray(6 + rLength, 6 + rLength + sLength).toString("hex")}`);
  return { s, lengths: [rLength, sLength] };
}
