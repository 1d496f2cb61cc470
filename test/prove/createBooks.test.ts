import { expect } from "chai";
import { createBooks, type KeptOrder } from "../../prove/crash/createBooks.ts";

const kept = (key: string, change: Partial<KeptOrder> = {}): KeptOrder => ({
  ...{ key, orderId: `order of ${key}`, buyer: `buyer of ${key}`, nonce: "0", open: true, vouchers: 1 },
  ...change,
});

describe("the books of a crash", () => {
  const counts = (work: (books: ReturnType<typeof createBooks>) => void) => {
    const books = createBooks();
    for (const key of ["a", "b"]) books.sent(key);
    work(books);
    return books.totals();
  };
  const fine = { acknowledged: 1, lost: 0, doubled: 0, differentReplays: 0 };

  it("find nothing where all that was told is kept once, and more was kept than told", () => {
    const totals = counts((books) => {
      books.acknowledged("a", "1");
      books.replayed("a", "1");
      books.replayed("b", "2");
      expect(books.compare([kept("a"), kept("b")])).to.deep.equal([]);
    });
    expect(totals).to.deep.equal(fine);
  });

  it("count what was told and is gone", () => {
    const totals = counts((books) => {
      books.acknowledged("a", "1");
      expect(books.compare([kept("b")])).to.have.lengthOf(1);
      expect(books.compare([kept("b")]), "told once").to.have.lengthOf(0);
    });
    expect(totals).to.deep.equal({ ...fine, lost: 1 });
  });

  it("count replays with other bytes", () => {
    const totals = counts((books) => {
      books.acknowledged("a", "1");
      books.replayed("a", "2");
    });
    expect(totals).to.deep.equal({ ...fine, differentReplays: 1 });
  });

  const doubles: [string, KeptOrder[]][] = [
    ["two orders of one key", [kept("a"), kept("a", { open: false })]],
    ["two vouchers of one order", [kept("a", { vouchers: 2 })]],
    ["no voucher of an order", [kept("a", { vouchers: 0 })]],
    ["two open orders of one wallet", [kept("a", { buyer: "x" }), kept("b", { buyer: "x" })]],
    ["an order nobody sent", [kept("a"), kept("c")]],
  ];
  for (const [what, orders] of doubles) {
    it(`count ${what}`, () => {
      const totals = counts((books) => {
        books.acknowledged("a", "1");
        books.compare(orders);
      });
      expect(totals).to.deep.equal({ ...fine, doubled: 1 });
    });
  }
});
