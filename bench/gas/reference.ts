/** Measured on peers, and the prototype's targets; gas, or bytes where the name says so. */
export const targets: Record<string, number> = {
  erc20First: 82_000,
  erc20Repeat: 65_000,
  ethFirst: 62_500,
  ethRepeat: 45_300,
  eip3009First: 108_000,
  erc2612First: 113_000,
  erc1271First: 86_000,
  claimFirst: 65_000,
  claimRepeat: 47_600,
  refundErc20: 47_500,
  refundEth: 41_500,
  withdrawErc20: 51_000,
  withdrawEth: 42_500,
  calldataBytes: 400,
  eip3009CalldataBytes: 460,
};

/** No pause, role, re-entrancy guard, history or rotatable signer: what the EVM alone asks for. */
export const floor: Record<string, number> = {
  erc20First: 75_002,
  erc20Repeat: 57_902,
  ethFirst: 56_556,
  ethRepeat: 39_456,
  claimFirst: 63_544,
  claimRepeat: 46_444,
  refundErc20: 45_959,
  refundEth: 37_038,
};

/** Where the floor's first purchase in ERC-20 spends its gas; together `floor.erc20First`. */
export const floorSpending = {
  transaction: 21_000,
  calldata: 1_604,
  ecrecover: 3_100,
  saleSlots: 27_100,
  guard: 0,
  saleLog: 1_893,
  calls: 2_600,
  tokenSlots: 12_100,
  tokenLog: 1_756,
  code: 3_849,
};

type Peer = {
  system: string;
  first: number;
  repeat: number;
  claim?: number;
  refund?: number;
  deploy?: number;
};

export const peers: readonly Peer[] = [
  {
    system: "Legion fixed price",
    first: 194_407,
    repeat: 80_639,
    claim: 279_187,
    refund: 79_814,
    deploy: 516_471,
  },
  { system: "Sonar (permit)", first: 274_786, repeat: 99_832, refund: 83_919, deploy: 971_164 },
  {
    system: "Uniswap CCA v1.1, ETH",
    first: 284_844,
    repeat: 250_644,
    claim: 67_332,
    refund: 84_402,
    deploy: 3_932_375,
  },
  { system: "CCA + Tally hook, ETH", first: 346_397, repeat: 295_097, claim: 67_332, refund: 84_402 },
  {
    system: "EasyAuction (signature)",
    first: 186_063,
    repeat: 137_839,
    claim: 100_640,
    refund: 61_956,
    deploy: 339_364,
  },
  { system: "thirdweb voucher, ERC-20", first: 189_721, repeat: 172_633, deploy: 653_288 },
  {
    system: "Axis fixed-price batch",
    first: 155_088,
    repeat: 137_988,
    claim: 133_007,
    refund: 88_717,
    deploy: 357_234,
  },
  { system: "MISO, no gate, ERC-20", first: 83_296, repeat: 66_196, claim: 90_177, deploy: 345_673 },
];
