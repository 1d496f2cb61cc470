// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IVenue} from "../interfaces/IVenue.sol";

/// @notice A position over all prices of a Uniswap v3 or v4 pool, which think of prices and liquidity alike.
library FullRange {
    int24 private constant MAX_TICK = 887_272;
    uint256 private constant MAX_AMOUNT = type(uint128).max / 2;
    /// @dev Within these the floor of the square root is exact to 2^-48, and the price to 2^-47.
    uint256 private constant MIN_SQRT_PRICE = 1 << 48;
    uint256 private constant MAX_SQRT_PRICE = 1 << 144;

    function ticks(int24 spacing) internal pure returns (int24 lower, int24 upper) {
        upper = (MAX_TICK / spacing) * spacing;
        lower = -upper;
    }

    /// @notice Price and liquidity for `amount0` and `amount1`, of which the position takes at most these.
    /// @dev sqrtPriceX96 = ⌊√(n ÷ d) · 2^96⌋ with n of currency1 for d of currency0. Liquidity of the full range is
    /// min(d · √p, n ÷ √p), and needs at most d and n, as the true range ends before 0 and ∞; as √p is rounded down, the first
    /// is the lesser.
    function plan(uint256 d, uint256 n) internal pure returns (uint160 sqrtPriceX96, uint128 liquidity) {
        _requireFits(d);
        _requireFits(n);
        if (n == 0 || d == 0) revert IVenue.Venue_AmountTooSmall(0, 1);

        // n · 2^192 ÷ d fits while n ÷ d < 2^64; beyond that fewer bits are kept.
        uint256 root =
            n / d < 1 << 64 ? Math.sqrt(Math.mulDiv(n, 1 << 192, d)) : Math.sqrt(Math.mulDiv(n, 1 << 128, d)) << 32;
        if (root < MIN_SQRT_PRICE || root > MAX_SQRT_PRICE) {
            revert IVenue.Venue_PriceOutOfRange(root, MIN_SQRT_PRICE, MAX_SQRT_PRICE);
        }
        sqrtPriceX96 = uint160(root);
        // Both amounts have 127 bits, and so has their geometric mean. It is never 0: before it is rounded down it is above
        // √(d · n) · (1 − 2^-47), which is 1.4 where d · n ≥ 2; d = n = 1 is exact.
        liquidity = uint128(Math.mulDiv(d, root, 1 << 96));
    }

    /// @notice Reverts where the pool's ticks could not hold such liquidity.
    /// @dev Pool.tickSpacingToMaxLiquidityPerTick: all ticks of the spacing share 128 bits. v3 counts one tick less where the
    /// last is no multiple, and would allow that little more.
    function requireHeld(uint128 liquidity, int24 spacing_) internal pure {
        uint256 spacing = uint24(spacing_);
        uint256 span = uint24(MAX_TICK) / spacing;
        uint256 count = 2 * span + (span * spacing == uint24(MAX_TICK) ? 1 : 2);
        if (liquidity > type(uint128).max / count) {
            revert IVenue.Venue_AmountTooLarge(liquidity, type(uint128).max / count);
        }
    }

    function _requireFits(uint256 amount) private pure {
        if (amount > MAX_AMOUNT) revert IVenue.Venue_AmountTooLarge(amount, MAX_AMOUNT);
    }
}
