import { encodeAbiParameters, parseAbi, parseAbiParameters } from "viem";
import { chainParameters } from "../../deploy/chains.ts";
import { erc20Abi } from "./buyer.ts";
import { mined } from "./localChain.ts";
import type { Swap } from "./swapOnPool.ts";

const permit2Abi = parseAbi([
  "function approve(address token, address spender, uint160 amount, uint48 expiration)",
]);
const routerAbi = parseAbi(["function execute(bytes commands, bytes[] inputs, uint256 deadline) payable"]);

/** Of Universal Router: V4_SWAP; of it, in this order: SWAP_EXACT_IN_SINGLE, SETTLE_ALL, TAKE_ALL. */
const COMMANDS = "0x10";
const ACTIONS = "0x060c0f";

const swapType = parseAbiParameters([
  "(PoolKey poolKey, bool zeroForOne, uint128 amountIn, uint128 amountOutMinimum, bytes hookData)",
  "struct PoolKey { address currency0; address currency1; uint24 fee; int24 tickSpacing; address hooks; }",
]);
const amountType = parseAbiParameters("address currency, uint256 amount");

/** Through Universal Router, which takes the currency by way of Permit2. */
export const swapOnV4: Swap = async ({ chain, record, buyer, amount, deadline }) => {
  const { universalRouter, permit2 } = chainParameters(record.chainId).uniswapV4;
  const { token, currency, terms } = record;
  const approval = { address: currency, abi: erc20Abi, functionName: "approve" } as const;
  await mined(chain, await chain.writeContract({ ...approval, args: [permit2, amount], account: buyer }));
  const allowance = { address: permit2, abi: permit2Abi, functionName: "approve" } as const;
  const args = [currency, universalRouter, amount, Number(deadline)] as const;
  await mined(chain, await chain.writeContract({ ...allowance, args, account: buyer }));

  const zeroForOne = BigInt(currency) < BigInt(token);
  const [currency0, currency1] = zeroForOne ? [currency, token] : [token, currency];
  const { feeTier: fee, tickSpacing, venue: hooks } = terms.listing;
  const poolKey = { currency0, currency1, fee, tickSpacing, hooks };
  const swap = { poolKey, zeroForOne, amountIn: amount, amountOutMinimum: 1n, hookData: "0x" } as const;
  const steps = [
    encodeAbiParameters(swapType, [swap]),
    encodeAbiParameters(amountType, [currency, amount]),
    encodeAbiParameters(amountType, [token, 1n]),
  ];
  const input = encodeAbiParameters(parseAbiParameters("bytes actions, bytes[] params"), [ACTIONS, steps]);
  return chain.writeContract({
    address: universalRouter,
    abi: routerAbi,
    functionName: "execute",
    args: [COMMANDS, [input], deadline],
    account: buyer,
  });
};
