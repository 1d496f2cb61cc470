import { expect } from "chai";
import { readFileSync } from "node:fs";
import demo from "../../launch.config.ts";
import { checkPaper, ownPaperUrl } from "../../src/web/paper/checkPaper.ts";

describe("checkPaper", () => {
  // The demo's document, whose hash the launch file names.
  const bytes = new Uint8Array(readFileSync(new URL("../../docs/acme-paper.md", import.meta.url)));
  const { hash } = demo.document;

  it("knows the document of the terms by its very bytes", () => {
    expect(checkPaper(bytes, hash)).to.deep.equal({ isSame: true, got: hash });
    expect(checkPaper(bytes, `0x${hash.slice(2).toUpperCase()}`).isSame).to.equal(true);
    expect(checkPaper(bytes.slice(0, -1), hash).isSame).to.equal(false);
    expect(checkPaper(new Uint8Array(), hash).isSame).to.equal(false);
  });
});

describe("ownPaperUrl", () => {
  const page = "https://sale.example/acme/#buy";

  it("is for what lies beside the page", () => {
    expect(ownPaperUrl("paper.pdf", page)).to.equal("https://sale.example/acme/paper.pdf");
    expect(ownPaperUrl("https://sale.example/p", page)).to.equal("https://sale.example/p");
  });

  it("is nowhere for what is elsewhere, has no address, or is the page itself", () => {
    for (const uri of ["https://issuer.example/p", "ipfs://x", "", "#1", "https://", "//evil.example/p"]) {
      expect(ownPaperUrl(uri, page), uri).to.equal(undefined);
    }
  });
});
