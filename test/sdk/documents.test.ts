import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import { isAddressEqual, recoverAddress, zeroHash, type Hex } from "viem";
import demo from "../../launch.config.ts";
import { checkDocuments, type DocumentSubject } from "../../src/sdk/documents/checkDocuments.ts";
import {
  documentHashOf,
  documentTypedData,
  type SignedDocument,
  type Update,
} from "../../src/sdk/documents/Document.ts";
import { parseDocument } from "../../src/sdk/documents/parseDocument.ts";
import { documentDesk, people } from "../support/signedDocuments.ts";

const subject: DocumentSubject = {
  ...{ chainId: 31337, sale: people.stranger.address, termsHash: `0x${"ab".repeat(32)}` },
  terms: demo,
  platform: people.platform.address,
};
const desk = documentDesk(subject);

/** By keys alone. */
async function isSigned(document: SignedDocument): Promise<boolean> {
  const { signer, signature } = document;
  return isAddressEqual(await recoverAddress({ hash: documentHashOf(document), signature }), signer);
}

const check = (documents: readonly SignedDocument[], change: Partial<DocumentSubject> = {}) =>
  checkDocuments({ documents, subject: { ...subject, ...change }, isSigned });

/** The codes of what is refused when these are checked. */
const codesOf = async (documents: readonly SignedDocument[], change: Partial<DocumentSubject> = {}) =>
  (await check(documents, change)).refused.map(({ problem }) => problem.code);

/** The same signature over other words. */
function altered<Kind extends SignedDocument>(document: Kind, change: object): Kind {
  return { ...document, message: { ...document.message, ...change } };
}

describe("signed documents", () => {
  it("have the digest that ethers computes, of each kind", async () => {
    for (const document of [
      await desk.profile(),
      await desk.update(),
      await desk.review(),
      await desk.criteria(),
    ]) {
      const { domain, types, message } = documentTypedData(document);
      expect(TypedDataEncoder.hash(domain, types as never, message)).to.equal(documentHashOf(document));
      // What was written comes back whole from its JSON.
      expect(parseDocument(JSON.parse(JSON.stringify(document)))).to.deep.equal({
        document: { ...document, signature: document.signature.toLowerCase() },
      });
    }
  });

  it("count where they are of this launch and signed by who may", async () => {
    const [profile, review, criteria] = [await desk.profile(), await desk.review(), await desk.criteria()];
    const first = await desk.update();
    const second = await desk.update(first, {}, people.treasury);
    const { refused, ...counted } = await check([second, criteria, review, first, profile]);
    expect(refused).to.deep.equal([]);
    expect(counted).to.deep.equal({ profile, updates: [first, second], reviews: [review], criteria });
  });

  it("count for nothing on another chain, for another sale, other terms or another paper", async () => {
    const review = await desk.review();
    const criteria = await desk.criteria();
    const other: Hex = `0x${"cd".repeat(32)}`;
    expect(await codesOf([criteria, review], { chainId: 1 })).to.deep.equal([
      "document-of-other-chain",
      "document-of-other-chain",
    ]);
    expect(await codesOf([criteria, review], { sale: people.owner.address })).to.deep.equal([
      "document-of-other-launch",
    ]);
    expect(await codesOf([criteria, review], { termsHash: other })).to.deep.equal([
      "document-of-other-launch",
    ]);
    expect(
      await codesOf([
        criteria,
        await desk.review({ documentHash: other }),
        await desk.profile({ documentHash: other }),
      ]),
    ).to.deep.equal(["document-of-other-paper", "document-of-other-paper"]);
    // Relabelled, the signature is no longer one of it.
    expect(await codesOf([{ ...(await desk.profile()), chainId: 1 }], { chainId: 1 })).to.deep.equal([
      "document-signature",
    ]);
  });

  it("count for nothing when somebody else signed, or when a word was changed", async () => {
    const { stranger, treasury, reviewer } = people;
    const wrong = [
      await desk.profile({}, stranger),
      await desk.update(undefined, {}, reviewer),
      await desk.criteria({}, treasury),
    ];
    for (const document of wrong) expect(await codesOf([document])).to.deep.equal(["document-signer"]);
    expect(await codesOf([await desk.criteria(), await desk.review({}, treasury)])).to.deep.equal([
      "document-signer",
    ]);
    // Nobody's criteria name no reviewers.
    expect(await codesOf([await desk.review()])).to.deep.equal(["document-signer"]);
    expect(await codesOf([await desk.criteria()], { platform: undefined })).to.deep.equal([
      "document-signer",
    ]);

    const texts = [{ language: "en", title: "Other", body: "words" }];
    for (const document of [await desk.profile(), await desk.update(), await desk.criteria()]) {
      expect(await codesOf([altered(document, { texts })])).to.deep.equal(["document-signature"]);
    }
    expect(
      await codesOf([{ ...(await desk.profile({}, stranger)), signer: treasury.address }]),
    ).to.deep.equal(["document-signature"]);
  });

  it("count in their newest version, and not at all where a version says two things", async () => {
    const [old, newer] = [await desk.profile(), await desk.profile({ version: 2 })];
    expect(await check([newer, old])).to.deep.include({ profile: newer, refused: [] });
    const forged = altered(await desk.profile({ version: 3 }), { version: 9 });
    expect((await check([old, forged, newer])).profile).to.deep.equal(newer);

    const other = await desk.profile({ version: 2, issuedAt: 5 });
    const both = await check([old, newer, other]);
    expect(both.profile).to.equal(null);
    expect(both.refused.map(({ problem }) => problem.code)).to.deep.equal([
      "document-conflict",
      "document-conflict",
    ]);
  });

  describe("updates", () => {
    let chain: SignedDocument<"update">[];
    before(async () => {
      const first = await desk.update();
      const second = await desk.update(first);
      chain = [first, second, await desk.update(second)];
    });
    const titlesOf = async (documents: readonly SignedDocument[]) =>
      (await check(documents)).updates.map(({ message }) => message.texts[0]?.title);

    it("end where one is missing or was changed afterwards", async () => {
      const [first, second, third] = chain as [
        SignedDocument<"update">,
        SignedDocument<"update">,
        SignedDocument<"update">,
      ];
      expect(await titlesOf([third, first, second])).to.deep.equal(["News 1", "News 2", "News 3"]);
      expect(await titlesOf([third, first])).to.deep.equal(["News 1"]);
      expect(await codesOf([third, first])).to.deep.equal(["document-not-chained"]);
      expect(await titlesOf([third, altered(second, { issuedAt: 9 }), first])).to.deep.equal(["News 1"]);
      expect(await titlesOf([await desk.update(undefined, { sequence: 2 })])).to.deep.equal([]);
      const odd: Partial<Update> = { previous: documentHashOf(third), sequence: 1 };
      expect(await titlesOf([await desk.update(undefined, odd), ...chain])).to.have.length(3);
    });

    it("end before the place where two that are signed lead on", async () => {
      const [first, second] = chain;
      const fork = await desk.update(first, { issuedAt: 77 });
      expect(await titlesOf([...chain, fork])).to.deep.equal(["News 1"]);
      expect(await codesOf([...chain, fork])).to.deep.equal(Array(3).fill("document-conflict"));
      expect(
        await titlesOf([...chain, await desk.update(undefined, { previous: zeroHash, issuedAt: 5 })]),
      ).to.deep.equal([]);
      // One that nobody signed is no fork.
      expect(await titlesOf([...chain, altered(second!, { issuedAt: 78 })])).to.have.length(3);
    });

    it("are covered by a later signature, as when an owner has left the multisig that signed them", async () => {
      const [first, second, third] = chain as [
        SignedDocument<"update">,
        SignedDocument<"update">,
        SignedDocument<"update">,
      ];
      const lapsed = { ...first, signature: third.signature };
      expect(await titlesOf([lapsed, second])).to.deep.equal(["News 1", "News 2"]);
      expect(await codesOf([lapsed])).to.deep.equal(["document-signature"]);
    });
  });

  it("are refused with every field that is wrong, before a signature is looked at", async () => {
    const good = await desk.profile();
    const fieldsOf = (value: unknown): string[] => {
      const parsed = parseDocument(value);
      return "problems" in parsed ? parsed.problems.map(({ field }) => field) : [];
    };
    const withText = (change: object) => altered(good, { texts: [{ ...good.message.texts[0], ...change }] });
    expect(fieldsOf(good)).to.deep.equal([]);
    for (const value of [undefined, null, 7, [], {}, { kind: "toString" }]) {
      expect(fieldsOf(value)).to.deep.equal(["kind"]);
    }
    const cases: [value: unknown, fields: string[]][] = [
      [{ ...good, note: "unsigned" }, ["note"]],
      [altered(good, { note: "unsigned" }), ["message.note"]],
      [{ ...good, chainId: "1", sale: "0x1", signature: "0xabc" }, ["chainId", "sale", "signature"]],
      [{ ...good, signature: `0x${"00".repeat(8_193)}` }, ["signature"]],
      [
        altered(good, { version: -1, issuedAt: 1.5, documentHash: "0x" }),
        ["message.version", "message.issuedAt", "message.documentHash"],
      ],
      [altered(good, { issuedAt: 253_402_300_800 }), ["message.issuedAt"]],
      [altered(good, { texts: [] }), ["message.texts"]],
      [altered(good, { texts: Array(13).fill(good.message.texts[0]) }), ["message.texts"]],
      [altered(good, { texts: [good.message.texts[0], good.message.texts[0]] }), ["message.texts"]],
      [altered(good, { links: [{ label: "x", uri: "javascript:alert(1)" }] }), ["message.links[0].uri"]],
      [
        altered(good, { links: [{ label: "x", uri: "https://user@evil.example" }] }),
        ["message.links[0].uri"],
      ],
      [withText({ body: "x".repeat(20_001) }), ["message.texts[0].body"]],
      [withText({ body: "\u0000" }), ["message.texts[0].body"]],
      [withText({ body: "\ud800" }), ["message.texts[0].body"]],
      [withText({ title: "two\nlines" }), ["message.texts[0].title"]],
      [withText({ title: " " }), ["message.texts[0].title"]],
      [withText({ language: "../en" }), ["message.texts[0].language"]],
    ];
    for (const [value, fields] of cases) expect(fieldsOf(value)).to.deep.equal(fields);
    expect(fieldsOf({ ...(await desk.criteria()), sale: good.sale })).to.deep.equal(["sale"]);
    // Markup is text like any other.
    expect(fieldsOf(withText({ body: "<script>alert(1)</script>\n\u202e", title: "<b>" }))).to.deep.equal([]);
  });
});
