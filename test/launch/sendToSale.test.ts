import { expect } from "chai";
import type { RequestArguments } from "hardhat/types/providers";
import { createWalletClient, custom, type Address, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";
import { sendToSale, type ListingCall } from "../../src/launch/sendToSale.ts";
import { pairAt, SOFT, startLaunch } from "../support/saleOnUniswapV2.ts";

describe("a call to a sale", () => {
  it("T80 lists although a stranger gave the pair two units after its gas was estimated", async () => {
    const launch = await startLaunch();
    const sale = await launch.deploySale();
    await launch.settle(sale, SOFT);
    await launch.factory.createPair(await sale.token(), await launch.usdc.getAddress());
    const pair = await launch.pairOf(sale);

    const { provider } = launch.connection;
    const client = createWalletClient({
      chain: hardhat,
      cacheTime: 0,
      transport: custom({
        async request(call: RequestArguments) {
          if (call.method === "eth_sendRawTransaction") {
            await launch.usdc.mint(pair, 2n);
            await pairAt(launch.ethers, pair, launch.bob).sync();
          }
          return provider.request(call) as Promise<unknown>;
        },
      }),
    });
    const account = privateKeyToAccount(generatePrivateKey());
    await launch.networkHelpers.setBalance(account.address, 10n ** 18n);
    const call: ListingCall = { functionName: "list", args: [(await sale.history()) as Hex] };
    const receipt = await sendToSale({ client, account, sale: (await sale.getAddress()) as Address, call });

    expect(receipt.status).to.equal("success");
    expect(await sale.phase()).to.equal(5n);
    // One of the two is the treasury's, the other a part of the pool's.
    const { treasury } = await sale.credits();
    expect(treasury - (SOFT - SOFT / 50n - 35_280n * 10n ** 6n)).to.equal(2n);
  });
});
