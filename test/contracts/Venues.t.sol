// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {SaleFixture} from "./support/SaleFixture.sol";
import {Uniswap} from "./listing/Uniswap.sol";
import {IUniswapV3Factory} from "../../contracts/interfaces/IUniswapV3.sol";
import {IBearingVenue, IVenue, Listing} from "../../contracts/interfaces/IVenue.sol";
import {PlainCurrency} from "../../contracts/mocks/PlainCurrency.sol";
import {VenueV3} from "../../contracts/venues/VenueV3.sol";

/// @notice What each venue lists at all: the last that passes, and what is said of the first that does not.
contract VenuesTest is SaleFixture {
    address private constant LOW = address(0x1);
    address private constant HIGH = address(0x2);
    uint256 private constant V4_BITS = 0x2000;

    IVenue private _v2;
    IVenue private _v3;
    IVenue private _v4;
    /// @dev What this contract creates first is v2's to list.
    address private _born;

    constructor() {
        _born = address(new Nothing());
    }

    function setUp() public override {
        _v2 = IVenue(
            create(abi.encodePacked(vm.getCode("contracts/venues/VenueV2.sol:VenueV2"), abi.encode(this, address(2))))
        );
        _v3 = IVenue(
            create(abi.encodePacked(vm.getCode("contracts/venues/VenueV3.sol:VenueV3"), abi.encode(this, address(2))))
        );
        bytes memory code = abi.encodePacked(vm.getCode("contracts/venues/VenueV4.sol:VenueV4"), abi.encode(this));
        _v4 = IVenue(_createAsHook(code));
    }

    /// @dev Of v3's factory: one tier.
    function feeAmountTickSpacing(uint24 fee) external pure returns (int24) {
        return fee == 3000 ? int24(60) : int24(0);
    }

    // ── v2 ──

    function test_v2_lists_only_what_the_caller_bore_first() public {
        _passes(_v2, _onV2(1e9, 1e9));
        Listing memory l = _onV2(1e9, 1e9);
        l.token = HIGH;
        _refuses(_v2, l, abi.encodeWithSelector(IVenue.Venue_NotBornHere.selector, HIGH, _born));
    }

    function test_v2_has_one_fee_and_no_tick_spacing() public {
        Listing memory l = _onV2(1e9, 1e9);
        l.feeTier = 2999;
        _refuses(_v2, l, abi.encodeWithSelector(IVenue.Venue_FeeTier.selector, 2999, 3000));
        l.feeTier = 3000;
        l.tickSpacing = 1;
        _refuses(_v2, l, abi.encodeWithSelector(IVenue.Venue_TickSpacing.selector, 1, 0));
    }

    function test_v2_takes_amounts_of_112_bits() public {
        uint256 most = 2 ** 112 - 1;
        _passes(_v2, _onV2(most, most));
        bytes memory error_ = abi.encodeWithSelector(IVenue.Venue_AmountTooLarge.selector, most + 1, most);
        _refuses(_v2, _onV2(most + 1, most), error_);
        _refuses(_v2, _onV2(most, most + 1), error_);
    }

    function test_v2_takes_a_thousand_tokens_and_1001_of_liquidity_on_a_half_of_each() public {
        _passes(_v2, _onV2(1000, 2 ** 40));
        _refuses(_v2, _onV2(999, 2 ** 40), abi.encodeWithSelector(IVenue.Venue_AmountTooSmall.selector, 999, 1000));
        // ⌊√(1,002 · 1,001)⌋ = 1,001; ⌊√(1,002 · 1,000)⌋ = 1,000.
        _passes(_v2, _onV2(2006, 2002));
        _refuses(_v2, _onV2(2006, 2001), abi.encodeWithSelector(IVenue.Venue_AmountTooSmall.selector, 1000, 1001));
    }

    // ── v3 ──

    function test_v3_lists_nothing_that_it_did_not_bear_in_this_transaction() public {
        Listing memory l = _onV3(1e9, 1e9);
        _passes(_v3, l);
        l.token = HIGH;
        _refuses(_v3, l, abi.encodeWithSelector(IVenue.Venue_NotBornHere.selector, HIGH, address(0)));
    }

    function test_v3_has_the_tiers_and_spacings_of_its_factory() public {
        Listing memory l = _onV3(1e9, 1e9);
        l.feeTier = 500;
        _refuses(_v3, l, abi.encodeWithSelector(IVenue.Venue_FeeTier.selector, 500, 3000));
        l.feeTier = 3000;
        l.tickSpacing = 10;
        _refuses(_v3, l, abi.encodeWithSelector(IVenue.Venue_TickSpacing.selector, 10, 60));
    }

    /// @dev The token may come to lie on either side: what one side could not hold is refused.
    function test_v3_wants_either_order_of_the_two_to_pass() public {
        uint256 d = 2 ** 96;
        _passes(_v3, _onV3(d, 1));
        _passes(_v3, _onV3(1, d));
        _refuses(_v3, _onV3(2 * d, 1), _outOfRange(SQRT_2_POW_95));
        _refuses(_v3, _onV3(1, 2 * d), _outOfRange(SQRT_2_POW_225 << 32));
        uint256 most = MAX_LIQUIDITY_60;
        _passes(_v3, _onV3(most, most));
        _refuses(
            _v3,
            _onV3(most + 1, most + 1),
            abi.encodeWithSelector(IVenue.Venue_AmountTooLarge.selector, most + 1, most)
        );
    }

    /// @dev As roots are rounded down, one order can pass where the other just does not.
    function test_v3_refuses_what_rounding_lets_pass_in_one_order_only() public {
        // Its root is √(2^96 + 2^-20) · 2^96, cut to 2^144; that of the other order just below 2^48.
        _refuses(_v3, _onV3(2 ** 20, 2 ** 116 + 1), _outOfRange(2 ** 48 - 1));

        (uint256 d, uint256 n) = (1556039298804852626071731842259, 85070591730234615866499899239027814901);
        bytes memory error_ = abi.encodeWithSelector(
            IVenue.Venue_AmountTooLarge.selector,
            11505354575363080317263139282924287,
            MAX_LIQUIDITY_60
        );
        _refuses(_v3, _onV3(d, n), error_);
        _refuses(_v3, _onV3(n, d), error_);
    }

    /// @dev In one transaction, which is as long as transient storage lasts.
    function test_v3_forgets_pool_and_token_once_they_are_listed() public {
        IUniswapV3Factory factory = IUniswapV3Factory(create(Uniswap.v3Factory()));
        address venue = create(
            abi.encodePacked(vm.getCode("contracts/venues/VenueV3.sol:VenueV3"), abi.encode(factory, address(2)))
        );
        PlainCurrency money = new PlainCurrency();
        money.mint(address(this), 1e9);
        money.approve(venue, 1e9);
        Listing memory l = _onV3(1e9, 1e9);
        ShortString name = ShortStrings.toShortString("Harbour");
        l.token = IBearingVenue(venue).bear(name, name, 18, 1e18, 0);
        l.currency = address(money);
        PlainCurrency(l.token).approve(venue, 1e9);
        (bytes32 pool, , , ) = IVenue(venue).list(l);

        vm.prank(address(uint160(uint256(pool))));
        vm.expectRevert(
            abi.encodeWithSelector(VenueV3.VenueV3_NotPool.selector, address(uint160(uint256(pool))), address(0))
        );
        VenueV3(payable(venue)).uniswapV3MintCallback(1, 1, "");
        _refuses(IVenue(venue), l, abi.encodeWithSelector(IVenue.Venue_NotBornHere.selector, l.token, address(0)));
    }

    // ── v4, and what v3 shares with it ──

    uint256 private constant SQRT_2_POW_95 = 199032864766430;
    uint256 private constant SQRT_2_POW_225 = 7343016637207168931428032607349397;
    /// @dev Pool.tickSpacingToMaxLiquidityPerTick: (2^128 − 1) ÷ 29,576, ÷ 1,774,545 and ÷ 56 ticks.
    uint256 private constant MAX_LIQUIDITY_60 = 11505354575363080317263139282924270;
    uint256 private constant MAX_LIQUIDITY_1 = 191757530477355301479181766273477;
    uint256 private constant MAX_LIQUIDITY_32767 = 6076470837873901133274546561281575204;

    function test_v4_takes_fees_to_a_tenth_and_any_spacing_of_v4() public {
        Listing memory l = _onV4(1e9, 1e9);
        l.feeTier = 100_000;
        _passes(_v4, l);
        l.feeTier = 100_001;
        _refuses(_v4, l, abi.encodeWithSelector(IVenue.Venue_FeeTier.selector, 100_001, 100_000));
        l.feeTier = 0;
        l.tickSpacing = 1;
        _passes(_v4, l);
        l.tickSpacing = 32_767;
        _passes(_v4, l);
        l.tickSpacing = 0;
        _refuses(_v4, l, abi.encodeWithSelector(IVenue.Venue_TickSpacing.selector, 0, 1));
        l.tickSpacing = 32_768;
        _refuses(_v4, l, abi.encodeWithSelector(IVenue.Venue_TickSpacing.selector, 32_768, 1));
    }

    function test_v4_takes_amounts_of_127_bits_and_of_one() public {
        uint256 most = 2 ** 127 - 1;
        _passes(_v4, _onV4(1, 1));
        _refuses(_v4, _onV4(0, 1), abi.encodeWithSelector(IVenue.Venue_AmountTooSmall.selector, 0, 1));
        _refuses(_v4, _onV4(1, 0), abi.encodeWithSelector(IVenue.Venue_AmountTooSmall.selector, 0, 1));
        bytes memory error_ = abi.encodeWithSelector(IVenue.Venue_AmountTooLarge.selector, most + 1, most);
        _refuses(_v4, _onV4(most + 1, 2 ** 40), error_);
        _refuses(_v4, _onV4(2 ** 40, most + 1), error_);
        _passes(_v4, _onV4(most, 2 ** 40));
        _passes(_v4, _onV4(2 ** 40, most));
    }

    function test_v4_takes_prices_from_2_pow_minus_96_to_2_pow_96_in_either_order() public {
        uint256 d = 2 ** 96;
        for (uint256 i; i < 2; i++) {
            Listing memory l = i == 0 ? _onV4(d, 1) : _swapped(_onV4(1, d));
            _passes(_v4, l);
            l = i == 0 ? _onV4(2 * d, 1) : _swapped(_onV4(1, 2 * d));
            _refuses(_v4, l, _outOfRange(SQRT_2_POW_95));
            l = i == 0 ? _onV4(1, d) : _swapped(_onV4(d, 1));
            _passes(_v4, l);
            l = i == 0 ? _onV4(1, 2 * d) : _swapped(_onV4(2 * d, 1));
            _refuses(_v4, l, _outOfRange(SQRT_2_POW_225 << 32));
        }
    }

    /// @dev Where the price has all its bits still, and where it has 32 fewer.
    function test_v4_takes_a_price_of_2_pow_64_as_well_as_one_below() public {
        _passes(_v4, _onV4(1, 2 ** 64 - 1));
        _passes(_v4, _onV4(1, 2 ** 64));
        _passes(_v4, _onV4(3, 3 * 2 ** 64 - 1));
    }

    function test_v4_takes_what_one_tick_of_each_spacing_holds() public {
        _holds(60, MAX_LIQUIDITY_60);
        _holds(1, MAX_LIQUIDITY_1);
        _holds(32_767, MAX_LIQUIDITY_32767);
    }

    function _holds(int24 spacing, uint256 most) private {
        Listing memory l = _onV4(most, most);
        l.tickSpacing = spacing;
        _passes(_v4, l);
        (l.tokenAmount, l.currencyAmount) = (most + 1, most + 1);
        _refuses(_v4, l, abi.encodeWithSelector(IVenue.Venue_AmountTooLarge.selector, most + 1, most));
    }

    // ── Listings ──

    function _onV2(uint256 tokens, uint256 money) private view returns (Listing memory l) {
        l = _onV4(tokens, money);
        (l.token, l.tickSpacing) = (_born, 0);
    }

    function _onV3(uint256 tokens, uint256 money) private pure returns (Listing memory l) {
        l = _onV4(tokens, money);
        l.token = address(0);
    }

    function _onV4(uint256 tokens, uint256 money) private pure returns (Listing memory l) {
        (l.token, l.currency) = (LOW, HIGH);
        (l.tokenAmount, l.currencyAmount) = (tokens, money);
        (l.feeTier, l.tickSpacing) = (3000, 60);
    }

    /// @dev The token as the pool's second.
    function _swapped(Listing memory l) private pure returns (Listing memory) {
        (l.token, l.currency) = (l.currency, l.token);
        return l;
    }

    function _passes(IVenue venue, Listing memory l) private view {
        venue.previewListing(l);
    }

    function _refuses(IVenue venue, Listing memory l, bytes memory error_) private {
        vm.expectRevert(error_);
        venue.previewListing(l);
    }

    function _outOfRange(uint256 root) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IVenue.Venue_PriceOutOfRange.selector, root, 2 ** 48, 2 ** 144);
    }

    function _createAsHook(bytes memory code) private returns (address made) {
        bytes32 codeHash = keccak256(code);
        for (uint256 salt; ; salt++) {
            bytes32 hash = keccak256(abi.encodePacked(hex"ff", address(this), salt, codeHash));
            if (uint160(uint256(hash)) & 0x3fff != V4_BITS) continue;
            assembly {
                made := create2(0, add(code, 32), mload(code), salt)
            }
            require(made != address(0), "creation");
            return made;
        }
    }
}

contract Nothing {}
