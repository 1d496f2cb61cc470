import { parseAbi } from "viem";
import type { HDAccount } from "viem/accounts";
import { chainParameters } from "../../deploy/chains.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";
import { erc20Abi } from "./buyer.ts";
import { mined, type LocalChain } from "./localChain.ts";

const routerAbi = parseAbi([
  "function swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline) returns (uint256[])",
]);
const SWAPPED = 100_000_000n;

/** Buys tokens for 100 USDC on the listed pool, through Uniswap's own router. */
export async function swapOnPool({
  chain,
  record,
  buyer,
}: {
  chain: LocalChain;
  record: LaunchRecord;
  buyer: HDAccount;
}): Promise<{ paid: bigint; received: bigint }> {
  const router = chainParameters(record.chainId).uniswapV2.router;
  const held = (): Promise<bigint> =>
    chain.readContract({
      address: record.token,
      abi: erc20Abi,
      functionName: "balanceOf",
      args: [buyer.address],
    });

  const approve = {
    address: record.currency,
    abi: erc20Abi,
    functionName: "approve",
    args: [router, SWAPPED],
  } as const;
  await mined(chain, await chain.writeContract({ ...approve, account: buyer }));
  const before = await held();
  const hash = await chain.writeContract({
    address: router,
    abi: routerAbi,
    functionName: "swapExactTokensForTokens",
    args: [SWAPPED, 1n, [record.currency, record.token], buyer.address, (await chain.now()) + 3600n],
    account: buyer,
  });
  await mined(chain, hash);
  return { paid: SWAPPED, received: (await held()) - before };
}
