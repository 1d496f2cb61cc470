import { expect } from "chai";
import type { Session } from "../../src/sdk/signerApi.ts";
import { createSignerClient } from "../../src/sdk/signerClient.ts";
import { createSessionStore } from "../../src/web/session/createSessionStore.ts";
import { guardSession } from "../../src/web/session/guardSession.ts";
import { buyer, memoryStorage, sale } from "./fakes.ts";

const session: Session = { token: "t", wallet: buyer, expiresAt: 1_000 };

describe("createSessionStore", () => {
  const at = (time: number, storage = memoryStorage()) =>
    createSessionStore({ storage, signerUrl: "https://signer.example", now: () => time });

  it("gives a session back until it expires", () => {
    const storage = memoryStorage();
    at(0, storage).write(session);
    expect(at(999, storage).read(buyer)).to.deep.equal(session);
    expect(at(1_000, storage).read(buyer)).to.equal(undefined);
  });

  it("keeps wallets apart", () => {
    const store = at(0);
    store.write(session);
    expect(store.read(sale)).to.equal(undefined);
    store.remove(buyer);
    expect(store.read(buyer)).to.equal(undefined);
  });

  for (const text of ["", "{", "null", "7", "{}", '{"token":"t"}']) {
    it(`takes ${JSON.stringify(text)} for nothing`, () => {
      const storage = memoryStorage();
      at(0, storage).write(session);
      for (const key of storage.map.keys()) storage.map.set(key, text);
      expect(at(0, storage).read(buyer)).to.equal(undefined);
    });
  }
});

describe("guardSession", () => {
  async function lostAfter(status: number): Promise<boolean> {
    const answer = async () =>
      new Response(JSON.stringify({ code: "some-code", detail: "d", wayOut: "w" }), { status });
    let lost = false;
    const guarded = guardSession(
      createSignerClient({ url: "https://signer.example", fetch: answer }).resume(session),
      () => {
        lost = true;
      },
    );
    await guarded.eligibility().then(
      () => undefined,
      (error: unknown) => {
        expect(error).to.have.property("code", "some-code");
      },
    );
    return lost;
  }

  it("reports a session that the signer does not know", async () => {
    expect(await lostAfter(401)).to.equal(true);
  });

  it("keeps it through every other refusal", async () => {
    expect(await lostAfter(403)).to.equal(false);
    expect(await lostAfter(503)).to.equal(false);
  });
});
