/** The bug that a threat's test was seen to fail on: `change` in `file`, found by the tests whose names match `test`. */
export type SeededBug = {
  threat: string;
  test: string;
  file: string;
  change: readonly (readonly [from: string, to: string])[];
};

const SALE = "contracts/Sale.sol";
const VESTING = "contracts/Vesting.sol";
const VENUE_V2 = "contracts/venues/VenueV2.sol";
const VENUE_V3 = "contracts/venues/VenueV3.sol";
const VENUE_V4 = "contracts/venues/VenueV4.sol";

export const seededBugs: readonly SeededBug[] = [
  {
    threat: "1",
    test: "Threat01_refuses_used_voucher",
    file: SALE,
    change: [["if (voucher.nonce != nonce) {", "if (voucher.nonce > nonce) {"]],
  },
  {
    threat: "1",
    test: "Threat01_refuses_voucher_(of_another_sale|on_another_chain)",
    file: "contracts/libraries/VoucherLib.sol",
    change: [["mstore(add(m, 0x02), domain)", "mstore(add(m, 0x02), 0)"]],
  },
  {
    threat: "3",
    test: "Threat03_refuses_unsigned_and_garbage",
    file: SALE,
    change: [
      [
        "if (!bounds.has(SignerStatus.Admitted))",
        "if (signer != address(0) && !bounds.has(SignerStatus.Admitted))",
      ],
    ],
  },
  {
    threat: "18",
    test: "Threat18",
    file: SALE,
    change: [["if (msg.value != amount) revert", "if (msg.value > amount) revert"]],
  },
  {
    threat: "30",
    test: "Threat30_refuses_huge_amounts",
    file: SALE,
    change: [
      ["|| amount > voucher.cumulativeCap - paid", "|| uint96(amount) > voucher.cumulativeCap - paid"],
    ],
  },
  {
    threat: "42",
    test: "Threat42_refuses_at_closesAt",
    file: "contracts/libraries/PhaseLib.sol",
    change: [["if (now_ < closesAt && s ", "if (now_ <= closesAt && s "]],
  },
  {
    threat: "45",
    test: "Threat45_ejected_money_is_kept_apart",
    file: SALE,
    change: [
      [
        "_totals = SlotLib.totals(totals.raised() - position.paid(), totals.stage(), history_);",
        "_totals = SlotLib.totals(totals.raised(), totals.stage(), history_);",
      ],
    ],
  },
  {
    threat: "50",
    test: "Threat50_refuses_twice",
    file: SALE,
    change: [["_positions[buyer] = SlotLib.position(0, 0, position.nonce(), position.paidAt());", ""]],
  },
  {
    threat: "51",
    test: "Threat51_refuses_each_release_twice",
    file: SALE,
    change: [["_credits.treasuryPaid = uint128(streamed);", ""]],
  },
  {
    threat: "52",
    test: "Threat52_a_buyer_that_refuses_ether",
    file: SALE,
    change: [["if (!taken) revert Sale_EtherNotTaken(to);", "taken;"]],
  },
  {
    threat: "61",
    test: "Threat 61",
    file: SALE,
    change: [
      [
        "    receive() external payable {",
        "    function forward(address to, bytes calldata data) external {\n        (bool ok, ) = to.call(data);\n        ok;\n    }\n\n    receive() external payable {",
      ],
    ],
  },
  {
    threat: "62",
    test: "Threat 62",
    file: SALE,
    change: [
      [
        "    receive() external payable {",
        "    function setPaused(uint256 until) external onlyOwner {\n        _pausedUntil = until;\n    }\n\n    receive() external payable {",
      ],
    ],
  },
  {
    threat: "63",
    test: "Threat63_refuses_less_than_the_supply",
    file: SALE,
    change: [["if (received != _supply) revert Sale_WrongReceived(received, _supply);", "received;"]],
  },
  {
    threat: "66",
    test: "Threat66_what_starts_a_sale_runs_once",
    file: SALE,
    change: [["        _requirePhase(Phase.Unfunded);\n", ""]],
  },
  {
    threat: "71",
    test: "Threat71_refuses_listing_below_the_sale_price",
    file: "contracts/libraries/TermsBounds.sol",
    change: [["l.price.currencyUnits * t.sale.price.tokenUnits,", "type(uint256).max,"]],
  },
  {
    threat: "71",
    test: "Threat71_refuses_a_listing_price_that_rounds_the_pool_away",
    file: "contracts/libraries/TermsBounds.sol",
    change: [["t.listing.price.currencyUnits, most);", "t.listing.price.currencyUnits, type(uint96).max);"]],
  },
  {
    threat: "72",
    test: "Threat72_a_claim_called_back_pays_once",
    file: SALE,
    change: [
      ["function claim(address buyer) external nonReentrant", "function claim(address buyer) external"],
      [
        "        _positions[buyer] = SlotLib.position(position.paid(), vested, position.nonce(), position.paidAt());\n        emit Claimed(buyer, tokens);\n",
        "        emit Claimed(buyer, tokens);\n",
      ],
      [
        "        IERC20(token_).safeTransfer(buyer, tokens);",
        "        IERC20(token_).safeTransfer(buyer, tokens);\n        _positions[buyer] = SlotLib.position(position.paid(), vested, position.nonce(), position.paidAt());",
      ],
    ],
  },
  {
    threat: "73",
    test: "Threat73_leaves_no_allowance",
    file: SALE,
    change: [
      [
        "if (currency != address(0)) IERC20(currency).forceApprove(_venue, 0);\n        _requireReported(IERC20(token_)",
        "_requireReported(IERC20(token_)",
      ],
    ],
  },
  {
    threat: "74",
    test: "Threat74_a_second_leaf",
    file: VESTING,
    change: [["return _states[sale][leaf];", "return _states[sale][bytes32(allocation.index)];"]],
  },
  {
    threat: "74",
    test: "Threat74_claim_and_revoke_commute",
    file: VESTING,
    change: [["returned = allocation.amount - vested;", "returned = allocation.amount - state.claimed;"]],
  },
  {
    threat: "R2",
    test: "ThreatR2_blocklisted_payees_cannot_veto",
    file: SALE,
    change: [
      [
        "        emit Listed(id, poolTokens",
        "        _send(_feeRecipient, fee);\n        _credits.fee = 0;\n        emit Listed(id, poolTokens",
      ],
    ],
  },
  {
    threat: "R5",
    test: "ThreatR5_nothing_bought_is_listed",
    file: SALE,
    change: [["if (block.timestamp < opens) revert Sale_ListingTooEarly(block.timestamp, opens);", ""]],
  },
  {
    threat: "R5",
    test: "ThreatR5_refuses_once_listing_is_open",
    file: SALE,
    change: [
      [
        "if (block.timestamp >= until) revert Sale_FailureTooLate",
        "if (block.timestamp > until) revert Sale_FailureTooLate",
      ],
    ],
  },
  {
    threat: "79",
    test: "T79",
    file: VENUE_V2,
    change: [["if (IUniswapV2Pair(pool.pair).totalSupply() != 0) revert Venue_AlreadyLive(pool.pair);", ""]],
  },
  {
    threat: "80",
    test: "T80 lists",
    file: VENUE_V2,
    change: [["if (donated > 1) {", "if (donated > type(uint112).max) {"]],
  },
  {
    threat: "81",
    test: "T81 lists where a stranger",
    file: VENUE_V2,
    change: [["if (pool.pair == address(0)) pool.pair =", "pool.pair ="]],
  },
  {
    threat: "82",
    test: "T82 changes nothing",
    file: VENUE_V3,
    change: [
      ["if (priceBefore != 0) revert Venue_AlreadyLive(pool);", ""],
      ["IUniswapV3Pool(pool).initialize(", "if (priceBefore == 0) IUniswapV3Pool(pool).initialize("],
    ],
  },
  {
    threat: "83, R10",
    test: "T83 R10",
    file: VENUE_V3,
    change: [["keccak256(abi.encode(msg.sender, salt))", "keccak256(abi.encode(msg.sender))"]],
  },
  {
    threat: "85",
    test: "T85",
    file: VENUE_V4,
    change: [
      [
        "    /// @dev The manager calls back whoever unlocked it",
        "    function beforeInitialize(address, PoolKey calldata, uint160) external pure returns (bytes4) {\n        return this.beforeInitialize.selector;\n    }\n\n    /// @dev The manager calls back whoever unlocked it",
      ],
    ],
  },
  {
    threat: "87",
    test: "T87",
    file: VENUE_V4,
    change: [["if (msg.sender != address(manager)) revert VenueV4_NotManager(msg.sender);", ""]],
  },
  {
    threat: "88, 91, 100",
    test: "T88 T91 T100",
    file: VENUE_V4,
    change: [
      [
        "    /// @dev The manager calls back whoever unlocked it",
        "    function migrate(bytes32 id, address to) external {\n        _handOver(id, to, 1);\n    }\n\n    /// @dev The manager calls back whoever unlocked it",
      ],
    ],
  },
  {
    threat: "89",
    test: "T89",
    file: VENUE_V2,
    change: [["        payable\n        nonReentrant\n", "        payable\n"]],
  },
  {
    threat: "90",
    test: "T90 releases",
    file: "contracts/venues/LiquidityLock.sol",
    change: [["block.timestamp < lock.until ||", "block.timestamp + 1 < lock.until ||"]],
  },
  {
    threat: "92",
    test: "T92",
    file: VENUE_V2,
    change: [
      ["IERC20(currency).safeTransfer(msg.sender, found)", "IERC20(currency).safeTransfer(tx.origin, found)"],
    ],
  },
  {
    threat: "97",
    test: "T97",
    file: SALE,
    change: [["emit Listed(id, poolTokens", "emit Listed(0, poolTokens"]],
  },
  {
    threat: "98",
    test: "T98",
    file: VESTING,
    change: [["if (listedAt == 0 || time < listedAt) return 0;", "if (time < listedAt) return 0;"]],
  },
  {
    threat: "99",
    test: "T99",
    file: "contracts/LaunchToken.sol",
    change: [
      [
        "    function decimals()",
        "    address private immutable _seller = msg.sender;\n\n    function _update(address from, address to, uint256 value) internal override {\n        if (from != address(0) && from != _seller && to != _seller) revert();\n        super._update(from, to, value);\n    }\n\n    function decimals()",
      ],
    ],
  },
  {
    threat: "R3",
    test: "R3 refuses",
    file: VENUE_V4,
    change: [["uint24 private constant MAX_FEE = 100_000;", "uint24 private constant MAX_FEE = 0x800000;"]],
  },
  {
    threat: "R4",
    test: "R4_a_signer_struck_off",
    file: SALE,
    change: [
      [
        "_signers[signer] = SlotLib.signer(s.maxCap(), s.maxWindow(), SignerStatus.StruckOff);",
        "_signers[signer] = SlotLib.signer(s.maxCap(), s.maxWindow(), SignerStatus.Unknown);",
      ],
    ],
  },
  {
    threat: "R11",
    test: "R11",
    file: VENUE_V4,
    change: [
      [
        "            manager.sync(currency);\n            if (currency",
        "            if (currency != address(0)) manager.sync(currency);\n            if (currency",
      ],
    ],
  },
  {
    threat: "R16",
    test: "R16 refuses to list a token that the caller did not bear",
    file: VENUE_V2,
    change: [["if (listing.token != born) revert Venue_NotBornHere(listing.token, born);", "born;"]],
  },
  {
    threat: "R16",
    test: "R16 is listed after a stranger",
    file: VENUE_V4,
    change: [["return listing.token == Birth.firstOf(msg.sender);", "return true;"]],
  },
  {
    threat: "R16",
    test: "R16 serves nobody with a token that was not just born",
    file: VENUE_V3,
    change: [["if (listing.token != born) revert Venue_NotBornHere(listing.token, born);", "born;"]],
  },
];

/** The file with the bug in it; a change that fits nowhere, or in two places, is an error. */
export function seed(source: string, { change, threat }: SeededBug): string {
  return change.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`Threat ${threat}: not once in the file: ${from}`);
    return text.replace(from, () => to);
  }, source);
}
