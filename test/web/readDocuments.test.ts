import { expect } from "chai";
import demo from "../../launch.config.ts";
import { createSignatureCheck } from "../../src/sdk/documents/checkSignature.ts";
import { readDocuments } from "../../src/web/watch/readDocuments.ts";
import { documentDesk, people } from "../support/signedDocuments.ts";

const subject = {
  ...{ chainId: 31337, sale: people.stranger.address, termsHash: `0x${"ab".repeat(32)}` as const },
  ...{ terms: demo, platform: people.platform.address },
};
const desk = documentDesk(subject);
const none = { profile: null, updates: [], reviews: [], criteria: null };

describe("documents on the page", () => {
  const read = (served: unknown) =>
    readDocuments({
      indexer: { documents: () => Promise.resolve(served) },
      ...{ subject, isSigned: createSignatureCheck(() => Promise.resolve(undefined)) },
    });

  it("are those that pass its own check, whatever the indexer serves", async () => {
    const [profile, update] = [await desk.profile(), await desk.update()];
    const [review, criteria] = [await desk.review(), await desk.criteria()];
    const honest = { profile, updates: [update], reviews: [review], criteria };
    expect(await read({ ...honest, refused: 3 })).to.deep.equal({ ...honest, hidden: 0 });

    const forged = { ...profile, message: { ...profile.message, links: [] } };
    const lying = {
      profile: forged,
      updates: [{ ...update, extra: "<b>" }, 7],
      reviews: [review],
      criteria: {},
    };
    expect(await read(lying)).to.deep.equal({ ...none, hidden: 4 });
    for (const nothing of [{}, [], { updates: null }]) {
      expect(await read(nothing)).to.deep.equal({ ...none, hidden: 0 });
    }
  });
});
