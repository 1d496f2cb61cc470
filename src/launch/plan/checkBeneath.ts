import {
  BaseError,
  concat,
  encodeFunctionData,
  erc20Abi,
  keccak256,
  numberToHex,
  size,
  toFunctionSelector,
  zeroAddress,
  type Address,
  type Hex,
  type PublicClient,
} from "viem";
import { deploymentOf } from "../../../deploy/deploymentOf.ts";
import type { Launch } from "../../sdk/launchFile/Launch.ts";
import type { Problem } from "../../sdk/problem.ts";
import type { PayoutTerms } from "../../sdk/terms.ts";
import { addressesBeneath } from "../addressesBeneath.ts";
import { launchError, launchErrors, type LaunchErrorCode } from "../launchErrors.ts";
import type { Beneath } from "./Plan.ts";

/**
 * Pairs of views by which tokens whose balances change by themselves are known: stETH; aTokens and AMPL; OUSD and OETH; sOHM;
 * USDM; and their copies. A kind that has none of them is not seen.
 */
const REBASING = [
  ["getPooledEthByShares(uint256)", "getSharesByPooledEth(uint256)"],
  ["scaledTotalSupply()", "scaledBalanceOf(address)"],
  ["rebasingCreditsPerToken()", "creditsBalanceOf(address)"],
  ["gonsForBalance(uint256)", "balanceForGons(uint256)"],
  ["rewardMultiplier()", "convertToTokens(uint256)"],
] as const;

/** Who has more can donate so much to a v4 pool that neither its fees nor its liquidity are paid out (docs/listing.md). */
const MOST_SUPPLY = 2n ** 127n - 1n;

/** Gets what is tried, and gives it back with everything else. */
const NOBODY: Address = "0x000000000000000000000000000000000000bEEF";

/**
 * Contracts of others that must be there, with the hash of their code: the DEX, the currency, a token that exists. The two
 * tokens are probed: what ERC-20 has they answer, nothing that rebasing tokens have, their supply is below 2^127, and what is
 * sent arrives in full, where the sender or a contract of the DEX holds some of it. Where ETH is raised, those whom the sale pays must take it from it. Throws
 * `code-missing`, `currency-differs`, `currency-unfit` or `payee-refuses`, with every problem at once.
 */
export async function checkBeneath({
  chain,
  launch,
  sender,
  created,
}: {
  /** Of our own: a transfer is tried on it and undone. */
  chain: PublicClient;
  launch: Launch;
  sender: Address;
  /** What the plan itself creates is nobody else's. */
  created: ReadonlySet<string>;
}): Promise<Beneath[]> {
  const { terms, sale } = deploymentOf(launch);
  const all = addressesBeneath({ chainId: launch.chainId, terms });
  const decimals: Record<string, number> = {
    "sale.currency": launch.currency.decimals,
    "token.existing": launch.token.decimals,
  };

  const beneath: Beneath[] = [];
  const problems: Problem[] = [];
  for (const [name, address] of all) {
    const code = await chain.getCode({ address });
    if (code === undefined) {
      problems.push(problemOf("code-missing", name, `no code at ${address}`, "a contract"));
      continue;
    }
    const wanted = decimals[name];
    if (wanted !== undefined) {
      const holders = [sender, ...all.map(([, each]) => each)];
      problems.push(...(await tokenProblems({ chain, name, address, wanted, holders })));
    }
    if (!created.has(address.toLowerCase())) beneath.push({ name, address, codeHash: keccak256(code) });
  }
  if (terms.sale.currency === zeroAddress && created.has(sale.address.toLowerCase())) {
    problems.push(...(await payeeProblems(chain, sale.address, terms.payout)));
  }
  const [first] = problems;
  if (first === undefined) return beneath;
  const words = problems.map(({ field, got }) => `${field}: ${got}`).join("; ");
  throw launchError(first.code as LaunchErrorCode, words, { problems });
}

/** What a payee refuses would stay in the sale for ever, as payees cannot be changed. The sale itself asks. */
async function payeeProblems(
  chain: PublicClient,
  sale: Address,
  { treasury, feeRecipient }: PayoutTerms,
): Promise<Problem[]> {
  const takes = (to: Address) =>
    chain.call({ account: sale, to, value: 1n, stateOverride: [{ address: sale, balance: 1n }] }).then(
      () => true,
      () => false,
    );
  const problems: Problem[] = [];
  for (const [field, to] of Object.entries({ treasury, feeRecipient })) {
    // What reaches nobody either says nothing of the payee.
    if (to === zeroAddress || (await takes(to)) || !(await takes(NOBODY))) continue;
    problems.push(problemOf("payee-refuses", `payout.${field}`, `${to} refuses 1 wei`, "takes ETH"));
  }
  return problems;
}

type Token = {
  chain: PublicClient;
  name: string;
  address: Address;
  wanted: number;
  holders: readonly Address[];
};

async function tokenProblems({ chain, name, address, wanted, holders }: Token): Promise<Problem[]> {
  const token = { address, abi: erc20Abi } as const;
  const silent = <T>(question: Promise<T>) => question.catch(() => undefined);
  const got = await silent(chain.readContract({ ...token, functionName: "decimals" }));
  if (got !== wanted) {
    const has = got === undefined ? "no answer to decimals()" : `${String(got)} decimals`;
    // An amount parsed with other decimals than the token's own would be wrong by powers of ten.
    return [problemOf("currency-differs", name, has, `${String(wanted)} decimals, as the launch file says`)];
  }

  const answers = {
    totalSupply: await silent(chain.readContract({ ...token, functionName: "totalSupply" })),
    allowance: await silent(
      chain.readContract({ ...token, functionName: "allowance", args: [NOBODY, NOBODY] }),
    ),
    balanceOf: await silent(chain.readContract({ ...token, functionName: "balanceOf", args: [NOBODY] })),
  };
  const missing = Object.entries(answers).filter(([, answer]) => answer === undefined);
  if (missing.length > 0) {
    const names = missing.map(([each]) => `${each}()`).join(", ");
    return [problemOf("currency-unfit", name, `no answer to ${names}`, "an ERC-20")];
  }
  if ((answers.totalSupply ?? 0n) > MOST_SUPPLY) {
    const got = `a supply of ${String(answers.totalSupply)} base units`;
    return [problemOf("currency-unfit", name, got, `at most ${String(MOST_SUPPLY)}, as Uniswap v4 counts`)];
  }
  for (const views of REBASING) {
    const found = await Promise.all(views.map((view) => answers1(chain, address, view)));
    if (found.includes(false)) continue;
    const got = `answers ${views.join(" and ")}, as rebasing tokens do`;
    return [problemOf("currency-unfit", name, got, "balances that change by transfers alone")];
  }
  const arrived = await tryTransfer(chain, address, holders);
  if (arrived === undefined || arrived.got === arrived.wanted) return [];
  const of = `${String(arrived.got)} of ${String(arrived.wanted)} base units arrived`;
  return [problemOf("currency-unfit", name, of, "what is sent arrives in full")];
}

/** Whether a word or more comes back for 1, as an amount or an address. A node that fails is no answer, and is thrown. */
async function answers1(chain: PublicClient, to: Address, view: string): Promise<boolean> {
  const data = concat([toFunctionSelector(`function ${view}`), numberToHex(1n, { size: 32 })]);
  const { data: got = "0x" } = await chain.call({ to, data }).catch((error: unknown) => {
    if (error instanceof BaseError && /VM Exception|revert|out of gas/i.test(error.details))
      return { data: undefined };
    throw error;
  });
  return size(got) >= 32;
}

/** What arrives of what the first holder sends; undefined where nobody among them holds any. */
async function tryTransfer(
  chain: PublicClient,
  address: Address,
  holders: readonly Address[],
): Promise<{ got: bigint; wanted: bigint } | undefined> {
  const balanceOf = (account: Address) =>
    chain.readContract({ address, abi: erc20Abi, functionName: "balanceOf", args: [account] });
  const rpc = (method: string, params: unknown[]): Promise<unknown> =>
    chain.request({ method, params } as never);
  for (const holder of holders) {
    const wanted = await balanceOf(holder);
    if (wanted === 0n) continue;
    const before = await balanceOf(NOBODY);
    const snapshot = await rpc("evm_snapshot", []);
    try {
      await rpc("hardhat_impersonateAccount", [holder]);
      await rpc("hardhat_setBalance", [holder, numberToHex(10n ** 20n)]);
      const data = encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [NOBODY, wanted] });
      const hash = (await rpc("eth_sendTransaction", [{ from: holder, to: address, data }])) as Hex;
      await chain.waitForTransactionReceipt({ hash });
      return { got: (await balanceOf(NOBODY)) - before, wanted };
    } catch {
      return { got: 0n, wanted }; // it was refused
    } finally {
      await rpc("evm_revert", [snapshot]);
    }
  }
  return undefined;
}

function problemOf(code: LaunchErrorCode, field: string, got: string, wanted: string): Problem {
  return { code, field, got, wanted, wayOut: launchErrors[code].wayOut };
}
