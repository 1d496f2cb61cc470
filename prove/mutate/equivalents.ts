/** A mutant that no test can notice, with Uniswap's own contracts beneath: where it is, as `Mutant` says it, and why. */
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
const BALANCE = { file: "contracts/libraries/BalanceLib.sol", of: "ofThis", kind: "number" };
const FULL_RANGE = { file: "contracts/libraries/FullRange.sol", of: "plan", kind: "arguments" };
const V2 = { file: "contracts/venues/VenueV2.sol" };
const V3_OPEN = { file: "contracts/venues/VenueV3.sol", of: "_open" };
const V4 = { file: "contracts/venues/VenueV4.sol" };
const VOUCHER = { file: "contracts/libraries/VoucherLib.sol", of: "digest", kind: "number" };
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
  { ...BALANCE, from: "0x20", to: "33", why: "a byte more of the scratch space of 64, of which 32 are read" },
  {
    ...BALANCE,
    from: "0x00",
    to: "1",
    nth: 4,
    why: "where nothing is returned, it does not matter from where",
  },
  { ...VOUCHER, from: "0xa0", to: "161", why: "a byte beyond what is hashed, in free memory" },
  {
    ...{ ...VOUCHER, from: "0x40", to: "65" },
    why: "the free pointer, a byte further on: 256 times as far, free as well; dearer, which the snapshots of gas show",
  },
  { ...FULL_RANGE, from: "d, root", to: "root, d", why: "their product" },
  {
    ...{ ...V2, of: "_empty", kind: "arguments" },
    ...{ from: "tokenAmount / 2, 2 * donated", to: "2 * donated, tokenAmount / 2" },
    why: "the lesser of the two",
  },
  {
    ...{ ...V2, of: "_empty", kind: "condition", from: "out != 0", to: "true" },
    why: "never zero: prove/coverage/explained.ts",
  },
  {
    ...{ ...V2, of: "_poolOf", kind: "boundary", from: "<", to: "<=" },
    why: "a pair of a token with itself cannot be created",
  },
  {
    ...{
      ...V2,
      of: "_poolOf",
      kind: "arguments",
      from: "pool.token, pool.money",
      to: "pool.money, pool.token",
    },
    why: "Uniswap sorts the two",
  },
  {
    ...{
      ...V2,
      of: "_poolOf",
      kind: "arguments",
      from: "pool.token, pool.money",
      to: "pool.money, pool.token",
    },
    ...{ nth: 1, why: "Uniswap sorts the two" },
  },
  {
    ...{ ...V3_OPEN, kind: "arguments", from: "listing.token, money", to: "money, listing.token" },
    why: "Uniswap sorts the two",
  },
  {
    ...V3_OPEN,
    kind: "boundary",
    from: "<",
    to: "<=",
    why: "a pool of a token with itself cannot be created",
  },
  {
    ...{ ...V3_OPEN, kind: "arguments", from: "listing.token, money", to: "money, listing.token" },
    ...{ nth: 1, why: "Uniswap sorts the two" },
  },
  {
    ...V4,
    of: "_open",
    kind: "boundary",
    from: "<",
    to: "<=",
    why: "the manager opens no pool of a token with itself",
  },
  {
    ...{ ...V4, of: "_open", kind: "field", from: "msg.sender", to: "address(0)", nth: 1 },
    why: "the recipient is asked only where something is due, and nothing is to who pays in",
  },
  {
    ...{ ...V4, of: "_takeOut", kind: "number", from: "0", to: "1" },
    why: "the payer is asked only where something is owed, and nothing is by who takes out",
  },
  {
    ...{ file: "contracts/venues/FullRangeVenue.sol", of: "list", kind: "statement" },
    ...{ from: "foundCurrency = 0;", to: "{}", why: "it begins as zero; the line says so" },
  },
];
