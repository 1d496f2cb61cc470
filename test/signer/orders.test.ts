import { expect } from "chai";
import { SignerProblem, type OrderAnswer } from "../../src/sdk/signerClient.ts";
import { orderIdOf } from "../../src/sdk/orderId.ts";
import { voucherDigest } from "../../src/sdk/voucher.ts";
import { compactSignatureToSignature, parseCompactSignature, recoverAddress, zeroHash, type Hex } from "viem";
import { startSignerLaunch, UNIT, type SignerLaunch } from "../support/signerLaunch.ts";
import { codeOf, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";
import { untilWaiting } from "../support/untilWaiting.ts";

const CAP = 1_000n * UNIT;
const LIFE = 600n;

/** The table of requests and responses in the design, row by row. */
describe("orders", () => {
  let launch: SignerLaunch;
  let signer: SignerUnderTest;

  before(async () => {
    launch = await startSignerLaunch();
    signer = await startSigner(launch);
  });
  after(async () => {
    await signer.close();
    await launch.close();
  });

  const later = async (seconds: bigint) => launch.chain.moveTo((await launch.chain.now()) + seconds);
  const detailsOf = async (attempt: Promise<unknown>) => {
    try {
      await attempt;
    } catch (error) {
      if (error instanceof SignerProblem) return error.details;
      throw error;
    }
    throw new Error("passed");
  };

  describe("a new key with the nonce on chain", () => {
    it("gives a voucher that the sale accepts, once", async () => {
      const { account, address, session } = await signer.buyer();
      const key = newKey();
      const { order, replayed } = await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP });

      expect(replayed).to.be.false;
      const principal = address.toLowerCase();
      expect(order.orderId).to.equal(orderIdOf({ chainId: 31337, sale: launch.record.sale, principal, key }));
      await launch.buy(account, order, CAP);
      expect(await launch.nonceOf(address)).to.equal(1n);
      expect(await session.order(order.orderId)).to.include({ status: "redeemed", filled: CAP.toString() });
    });

    it("signs 64 bytes that recover to the signer, from a little before now until the tier's lifetime", async () => {
      const { address, session } = await signer.buyer();
      const { order } = await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP });
      const now = await launch.chain.now();
      const [validFrom, validUntil] = [BigInt(order.voucher.validFrom), BigInt(order.voucher.validUntil)];
      expect(validFrom <= now).to.be.true;
      expect(validUntil).to.equal(now + LIFE);

      const voucher = { nonce: 0n, cumulativeCap: CAP, validFrom, validUntil, orderId: order.orderId };
      const hash = voucherDigest({ chainId: 31337, sale: launch.record.sale, buyer: address, voucher });
      expect(order.signature).to.match(/^0x[0-9a-f]{128}$/);
      const signature = compactSignatureToSignature(parseCompactSignature(order.signature));
      expect(await recoverAddress({ hash, signature })).to.equal(launch.signer.address);
    });
  });

  describe("the same key again", () => {
    it("gives the same bytes, marked as replayed", async () => {
      const { session } = await signer.buyer();
      const key = newKey();
      const first = await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP });
      const second = await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP });
      expect(second.bytes).to.equal(first.bytes);
      expect([first.replayed, second.replayed]).to.deep.equal([false, true]);
    });

    it("gives one voucher and the same bytes to 40 at once on two replicas", async () => {
      const other = await startSigner(launch, { databaseUrl: signer.databaseUrl });
      try {
        const { account, session } = await signer.buyer();
        const elsewhere = await other.login(account);
        const key = newKey();
        const answers = await Promise.all(
          Array.from({ length: 40 }, (_, index) =>
            (index % 2 === 0 ? session : elsewhere).createOrder(key, { nonce: 0n, cumulativeCap: CAP }),
          ),
        );
        expect(new Set(answers.map(({ bytes }) => bytes)).size).to.equal(1);
        expect(answers.filter(({ replayed }) => !replayed)).to.have.lengthOf(1);
        const { rows } = await signer.pool.query("SELECT FROM vouchers WHERE order_id = $1", [
          answers[0]?.order.orderId,
        ]);
        expect(rows).to.have.lengthOf(1);
      } finally {
        await other.close();
      }
    });

    for (const [what, change] of [
      ["another cap", { cumulativeCap: CAP + 1n }],
      ["another nonce", { nonce: 1n }],
      ["another order to replace", { supersedes: zeroHash }],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const { session } = await signer.buyer();
        const key = newKey();
        await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP });
        const details = await detailsOf(
          session.createOrder(key, { nonce: 0n, cumulativeCap: CAP, ...change }),
        );
        expect(details).to.include({ code: "idempotency-mismatch", status: 422 });
      });
    }

    it("lets one payload win of many at once", async () => {
      const { session } = await signer.buyer();
      const key = newKey();
      const codes = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          codeOf(session.createOrder(key, { nonce: 0n, cumulativeCap: CAP + BigInt(index) })),
        ),
      );
      expect(codes.filter((code) => code === "passed")).to.have.lengthOf(1);
      expect(codes.filter((code) => code === "idempotency-mismatch")).to.have.lengthOf(11);
    });

    it("tells of an expired voucher, and the link renews it with the same order and nonce", async () => {
      const { account, session } = await signer.buyer();
      const key = newKey();
      const { order } = await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP });
      await later(LIFE);
      const details = await detailsOf(session.createOrder(key, { nonce: 0n, cumulativeCap: CAP }));
      const link = `/v1/orders/${order.orderId}/renew`;
      expect(details).to.include({ code: "voucher-expired", status: 409, order: order.orderId, link });
      expect((await session.order(order.orderId)).status).to.equal("expired");

      const renewed = await session.renew(order.orderId);
      expect(renewed.order.orderId).to.equal(order.orderId);
      expect(renewed.order.voucher.nonce).to.equal("0");
      expect(BigInt(renewed.order.voucher.validUntil)).to.equal((await launch.chain.now()) + LIFE);
      expect((await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP })).bytes).to.equal(
        renewed.bytes,
      );
      await launch.buy(account, renewed.order, CAP);
    });

    it("gives one renewal to many at once", async () => {
      const { session } = await signer.buyer();
      const { order } = await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP });
      await later(LIFE);
      const renewals = await Promise.all(Array.from({ length: 10 }, () => session.renew(order.orderId)));
      expect(new Set(renewals.map(({ bytes }) => bytes)).size).to.equal(1);
    });

    it("gives the same bytes after it was bought, and even after the voucher's end", async () => {
      const { account, session } = await signer.buyer();
      const key = newKey();
      const first = await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP });
      await launch.buy(account, first.order, CAP);
      expect((await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP })).bytes).to.equal(first.bytes);
      await later(LIFE);
      expect((await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP })).bytes).to.equal(first.bytes);
      expect(await codeOf(session.renew(first.order.orderId))).to.equal("nonce-used");
    });
  });

  describe("another key while an order is open", () => {
    it("is refused with the open order, and passes when it names it", async () => {
      const { account, session } = await signer.buyer();
      const { order } = await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP });
      const details = await detailsOf(session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP }));
      expect(details).to.include({
        code: "order-open",
        status: 409,
        order: order.orderId,
        link: `/v1/orders/${order.orderId}`,
      });

      const supersedes = order.orderId;
      const second = await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: 2n * CAP, supersedes });
      expect(second.order.voucher.nonce).to.equal("0");
      expect((await session.order(order.orderId)).status).to.equal("superseded");
      expect(await codeOf(session.renew(order.orderId))).to.equal("order-superseded");
      await launch.buy(account, second.order, 2n * CAP);
    });

    it("leaves one open of 20 keys at once", async () => {
      const { session } = await signer.buyer();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          codeOf(session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP })),
        ),
      );
      expect(answers.filter((code) => code === "passed")).to.have.lengthOf(1);
      expect(answers.filter((code) => code === "order-open")).to.have.lengthOf(19);
    });

    it("lets one of two replace the same order", async () => {
      const { session } = await signer.buyer();
      const { order } = await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP });
      const supersedes = order.orderId;
      const codes = await Promise.all(
        [1, 2, 3].map(() =>
          codeOf(session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP, supersedes })),
        ),
      );
      expect(codes.sort()).to.deep.equal(["order-open", "order-open", "passed"]);
    });

    it("cannot replace an order that does not exist", async () => {
      const { session } = await signer.buyer();
      const attempt = session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP, supersedes: zeroHash });
      expect(await codeOf(attempt)).to.equal("supersedes-unknown");
    });
  });

  describe("the nonce", () => {
    it("below the chain's names the order that used it, above says what was expected", async () => {
      const { account, session } = await signer.buyer();
      const { order } = await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP });
      await launch.buy(account, order, CAP);

      const used = await detailsOf(session.createOrder(newKey(), { nonce: 0n, cumulativeCap: 2n * CAP }));
      expect(used).to.include({ code: "nonce-used", status: 409, expectedNonce: "1", order: order.orderId });
      const ahead = await signer.ask("POST", "/v1/orders", {
        token: session.session.token,
        headers: { "idempotency-key": newKey() },
        body: orderBody(launch.record.sale, session.session.wallet, "2", 2n * CAP),
      });
      expect(ahead.status).to.equal(409);
      expect(ahead.json).to.include({ code: "nonce-ahead", expectedNonce: "1" });
      expect(ahead.json["serverTime"]).to.be.a("number");
      expect(Number(ahead.headers.get("retry-after"))).to.be.greaterThan(0);
    });

    it("moves on: more with a new key and the next nonce; after withdrawing likewise", async () => {
      const { account, session } = await signer.buyer();
      const order = async (nonce: bigint, cumulativeCap: bigint): Promise<OrderAnswer> =>
        session.createOrder(newKey(), { nonce, cumulativeCap });
      await launch.buy(account, (await order(0n, CAP)).order, CAP);
      await launch.buy(account, (await order(1n, 2n * CAP)).order, CAP);
      await launch.withdraw(account);
      await launch.buy(account, (await order(3n, CAP)).order, CAP);
      expect(await launch.nonceOf(account.address)).to.equal(4n);
    });

    it("consumed without a purchase makes the order invalid for ever", async () => {
      const { address, session } = await signer.buyer();
      const key = newKey();
      const { order } = await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP });
      await launch.invalidate(address, 1n);
      const details = await detailsOf(session.createOrder(key, { nonce: 0n, cumulativeCap: CAP }));
      expect(details).to.include({ code: "order-invalidated", status: 409, expectedNonce: "1" });
      expect(await codeOf(session.renew(order.orderId))).to.equal("order-invalidated");
      expect((await session.order(order.orderId)).status).to.equal("invalidated");
    });
  });

  describe("a revoked decision", () => {
    it("closes the order: neither the key nor a renewal gives a voucher", async () => {
      const { address, session } = await signer.buyer();
      const key = newKey();
      const { order } = await session.createOrder(key, { nonce: 0n, cumulativeCap: CAP });
      await signer.decide(address, { decision: "revoked" });
      expect(await codeOf(session.createOrder(key, { nonce: 0n, cumulativeCap: CAP }))).to.equal(
        "kyc-revoked",
      );
      expect(await codeOf(session.renew(order.orderId))).to.equal("kyc-revoked");
      expect((await session.order(order.orderId)).status).to.equal("revoked");

      // Approved again, the old order stays closed and a new one passes.
      await signer.decide(address, { decision: "approved" });
      expect(await codeOf(session.createOrder(key, { nonce: 0n, cumulativeCap: CAP }))).to.equal(
        "order-revoked",
      );
      expect(await codeOf(session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP }))).to.equal(
        "passed",
      );
    });

    it("wins against an order that waits for the person's row", async () => {
      const { address, session } = await signer.buyer();
      const revoking = await signer.pool.connect();
      await revoking.query("BEGIN");
      await revoking.query("UPDATE subjects SET decision = 'revoked' WHERE subject = $1", [
        `person-${address}`,
      ]);
      const attempt = codeOf(session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP }));
      await untilWaiting(signer.pool);
      await revoking.query("COMMIT");
      revoking.release();
      expect(await attempt).to.equal("kyc-revoked");
      const { rows } = await signer.pool.query("SELECT FROM orders WHERE buyer = $1", [
        address.toLowerCase(),
      ]);
      expect(rows).to.have.lengthOf(0);
    });

    it("wins against a renewal that waits for the person's row", async () => {
      const { address, session } = await signer.buyer();
      const { order } = await session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP });
      const closing = await signer.pool.connect();
      await closing.query("BEGIN");
      await closing.query("SELECT FROM subjects WHERE subject = $1 FOR UPDATE", [`person-${address}`]);
      const attempt = codeOf(session.renew(order.orderId));
      await untilWaiting(signer.pool);
      await closing.query("UPDATE orders SET revoked_at = now() WHERE order_id = $1", [order.orderId]);
      await closing.query("COMMIT");
      closing.release();
      expect(await attempt).to.equal("order-revoked");
    });
  });

  it("hides orders from others", async () => {
    const [owner, stranger] = [await signer.buyer(), await signer.buyer()];
    const { order } = await owner.session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP });
    expect(await codeOf(stranger.session.order(order.orderId))).to.equal("order-unknown");
    expect(await codeOf(stranger.session.renew(order.orderId))).to.equal("order-unknown");
    const listed = await signer.ask("GET", "/v1/orders", { token: owner.session.session.token });
    expect((listed.json["orders"] as { orderId: Hex }[]).map(({ orderId }) => orderId)).to.deep.equal([
      order.orderId,
    ]);
  });

  it("answers chain-unreachable and signs nothing while the chain is away", async () => {
    const cut = await startSigner(launch, {
      databaseUrl: signer.databaseUrl,
      env: { RPC_URL: "http://127.0.0.1:9" },
    });
    try {
      const { account, address } = await signer.buyer();
      const session = await cut.login(account);
      const details = await detailsOf(session.createOrder(newKey(), { nonce: 0n, cumulativeCap: CAP }));
      expect(details).to.include({ code: "chain-unreachable", status: 503 });
      const { rows } = await signer.pool.query("SELECT FROM orders WHERE buyer = $1", [
        address.toLowerCase(),
      ]);
      expect(rows).to.have.lengthOf(0);
    } finally {
      await cut.close();
    }
  });
});

function orderBody(sale: string, buyer: string, nonce: string, cap: bigint) {
  return { sale, buyer, nonce, cumulativeCap: cap.toString() };
}
