import { parseAbi } from "viem";
import { chainParameters } from "../../deploy/chains.ts";
import { erc20Abi } from "./buyer.ts";
import { mined } from "./localChain.ts";
import type { Swap } from "./swapOnPool.ts";

const routerAbi = parseAbi([
  "function exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 deadline, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96) params) payable returns (uint256)",
]);

/** Through v3's router. */
export const swapOnV3: Swap = async ({ chain, record, buyer, amount, deadline }) => {
  const { router } = chainParameters(record.chainId).uniswapV3;
  const approval = { address: record.currency, abi: erc20Abi, functionName: "approve" } as const;
  await mined(chain, await chain.writeContract({ ...approval, args: [router, amount], account: buyer }));
  const swap = {
    ...{ tokenIn: record.currency, tokenOut: record.token, fee: record.terms.listing.feeTier },
    ...{ recipient: buyer.address, deadline, amountIn: amount, amountOutMinimum: 1n, sqrtPriceLimitX96: 0n },
  };
  return chain.writeContract({
    ...{ address: router, abi: routerAbi, functionName: "exactInputSingle", args: [swap], account: buyer },
  });
};
