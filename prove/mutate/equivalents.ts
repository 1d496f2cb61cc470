/** A mutant that no test can notice: where it is, as `Mutant` says it, and why. */
export type Equivalent = {
  file: string;
  of: string;
  kind: string;
  from: string;
  to: string;
  /** 0 where it is not said. */
  nth?: number;
  why: string;
};

const SALE = { file: "contracts/Sale.sol" };
const CHECK = { ...SALE, of: "_check", kind: "boundary" };

export const equivalents: readonly Equivalent[] = [
  { ...CHECK, from: "<", to: "<=", nth: 1, why: "the guard around it is voucher.nonce != nonce" },
  {
    ...{ ...CHECK, from: "<", to: "<=", nth: 3 },
    why: "amount == left: left is a multiple of currencyUnits, so amount − amount % currencyUnits is left too",
  },
  { ...CHECK, from: ">", to: ">=", nth: 2, why: "paid == cumulativeCap: the error says 0 either way" },
  {
    ...{ ...CHECK, kind: "condition", from: "totals.isAt(Stage.Paused)", to: "true" },
    why: "open and not paused, _pausedUntil is zero or over: only a purchase after it ends the stage; the slot is read for nothing",
  },
  {
    ...{ ...SALE, of: "listWithSalt", kind: "boundary", from: ">", to: ">=" },
    why: "toTreasury == type(uint128).max: it is set to what it is",
  },
];
