import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { bytesToHex, serializeCompactSignature, signatureToCompactSignature } from "viem";
import { generatePrivateKey, sign } from "viem/accounts";
import { loadCurve } from "../../src/signer/keys/loadCurve.ts";
import { localKey } from "../../src/signer/keys/localKey.ts";
import { codeOf } from "../support/signerUnderTest.ts";

const notHere = () => Promise.reject(new Error("no build for this platform"));

describe("the signing key", () => {
  const privateKey = generatePrivateKey();

  it("signs natively where it can, else in JavaScript, and says which", async () => {
    expect((await loadCurve()).backend).to.equal("native");
    expect((await loadCurve(notHere)).backend).to.equal("javascript");
  });

  it("signs the same bytes by both, those of another implementation", async () => {
    const native = localKey({ privateKey, local: true });
    const javascript = localKey({ privateKey, local: true, load: () => loadCurve(notHere) });
    for (let run = 0; run < 20; run++) {
      const digest = randomBytes(32);
      const signature = await sign({ hash: bytesToHex(digest), privateKey });
      const wanted = serializeCompactSignature(signatureToCompactSignature(signature));
      expect(await native.sign(digest)).to.equal(wanted);
      expect(await javascript.sign(digest)).to.equal(wanted);
    }
  });

  it("does not begin with a curve that signs wrongly", async () => {
    const right = await loadCurve();
    const wrong = {
      ...right,
      sign: async (digest: Uint8Array) => right.sign(digest, new Uint8Array(32).fill(2)),
    };
    expect(await codeOf(loadCurve(async () => wrong))).to.equal("key-unusable");
  });

  it("lets no signature out that does not recover to it", async () => {
    const right = await loadCurve();
    const flipping = {
      ...right,
      sign: async (digest: Uint8Array, key: Uint8Array) => {
        const { signature, recid } = await right.sign(digest, key);
        return { signature, recid: 1 - recid };
      },
    };
    const key = localKey({ privateKey, local: true, load: async () => flipping });
    expect(await codeOf(key.sign(randomBytes(32)))).to.equal("signing-failed");
  });
});
