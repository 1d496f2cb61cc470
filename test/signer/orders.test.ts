import { expect } from "chai";
import { orderIdOf } from "../../src/sdk/orderId.ts";
import { startSignerLaunch, UNIT, type SignerLaunch } from "../support/signerLaunch.ts";
import { codeOf, newKey, startSigner, type SignerUnderTest } from "../support/signerUnderTest.ts";

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

  it("gives a voucher that the sale accepts", async () => {
    const { account, address, session } = await signer.buyer();
    const key = newKey();
    const { order, replayed } = await session.createOrder(key, { nonce: 0n, cumulativeCap: 1_000n * UNIT });

    expect(replayed).to.be.false;
    expect(order.orderId).to.equal(
      orderIdOf({ chainId: 31337, sale: launch.record.sale, principal: address.toLowerCase(), key }),
    );
    expect(order.signature).to.match(/^0x[0-9a-f]{128}$/);
    await launch.buy(account, order, 1_000n * UNIT);
    expect(await launch.nonceOf(address)).to.equal(1n);

    const status = await session.order(order.orderId);
    expect(status).to.include({ status: "redeemed", filled: String(1_000n * UNIT) });
  });
});
