import { parseAbi } from "viem";
import { chainParameters } from "../../deploy/chains.ts";
import { erc20Abi } from "./buyer.ts";
import { mined } from "./localChain.ts";
import type { Swap } from "./swapOnPool.ts";

const routerAbi = parseAbi([
  "function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline) returns (uint256[])",
]);

/** Through v2's router. */
export const swapOnV2: Swap = async ({ chain, record, buyer, amount, deadline }) => {
  const { router } = chainParameters(record.chainId).uniswapV2;
  const approval = { address: record.currency, abi: erc20Abi, functionName: "approve" } as const;
  await mined(chain, await chain.writeContract({ ...approval, args: [router, amount], account: buyer }));
  return chain.writeContract({
    address: router,
    abi: routerAbi,
    functionName: "swapExactTokensForTokens",
    args: [amount, 1n, [record.currency, record.token], buyer.address, deadline],
    account: buyer,
  });
};
