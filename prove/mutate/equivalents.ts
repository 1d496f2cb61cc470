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

const CHECK = { file: "contracts/Sale.sol", of: "_check", kind: "boundary" };

export const equivalents: readonly Equivalent[] = [
  { ...CHECK, from: "<", to: "<=", nth: 1, why: "the guard around it is voucher.nonce != nonce" },
  {
    ...{ ...CHECK, from: "<", to: "<=", nth: 3 },
    why: "amount == left: left is a multiple of currencyUnits, so amount − amount % currencyUnits is left too",
  },
  { ...CHECK, from: ">", to: ">=", nth: 2, why: "paid == cumulativeCap: the error says 0 either way" },
];
