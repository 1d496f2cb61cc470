// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IPoolManager, ModifyLiquidityParams, PoolKey} from "../interfaces/IUniswapV4.sol";
import {IVenue, Listing} from "../interfaces/IVenue.sol";
import {Birth} from "../libraries/Birth.sol";
import {LiquidityLock} from "./LiquidityLock.sol";

/// @title Lists on Uniswap v4 in a pool that only this contract can open, at exactly the listing price
/// @notice The venue is the pool's hook, its adapter and its lock in one. The low 14 bits of its address claim
/// `beforeInitialize`, which it does not implement: the manager leaves a hook out only when the hook itself calls, so every
/// foreign `initialize` reverts and no pool can be prepared. The position spans the full range and is held at the manager
/// by this contract, without a token that could be moved.
/// @dev It holds no money between calls, and counts none by its balance.
contract VenueV4 is IVenue, LiquidityLock {
    using SafeERC20 for IERC20;

    /// @dev A change of a position within the manager's lock: who pays what is owed, who receives what is due.
    struct Change {
        PoolKey key;
        int256 liquidity;
        address payer;
        address recipient;
        uint256 least0;
        uint256 least1;
    }

    /// @dev Hooks.sol: bit 13 of the address is `beforeInitialize`; no other hook, so that routers know the pool's price.
    uint160 private constant HOOK_BITS = 0x3FFF;
    uint160 private constant BEFORE_INITIALIZE = 1 << 13;
    /// @dev In hundredths of a basis point: 10 %. A dynamic fee has bit 23 set and is above it.
    uint24 private constant MAX_FEE = 100_000;
    int24 private constant MAX_TICK = 887_272;
    int24 private constant MAX_TICK_SPACING = 32_767;
    uint256 private constant MAX_AMOUNT = type(uint128).max / 2;
    /// @dev Within these the floor of the square root is exact to 2^-48, and the price to 2^-47.
    uint256 private constant MIN_SQRT_PRICE = 1 << 48;
    uint256 private constant MAX_SQRT_PRICE = 1 << 144;

    IPoolManager public immutable manager;

    mapping(bytes32 id => PoolKey) private _keys;

    event FeesCollected(bytes32 indexed id, address indexed recipient, uint256 amount0, uint256 amount1);

    error VenueV4_HookAddress(address got);
    error VenueV4_PriceOutOfRange(uint256 sqrtPriceX96, uint256 least, uint256 most);
    error VenueV4_NotManager(address got);
    error VenueV4_TooLittle(uint256 got, uint256 least);

    constructor(IPoolManager manager_) {
        if (uint160(address(this)) & HOOK_BITS != BEFORE_INITIALIZE) revert VenueV4_HookAddress(address(this));
        manager = manager_;
    }

    /// @inheritdoc IVenue
    function list(
        Listing calldata listing
    ) external payable returns (bytes32 id, uint256 usedToken, uint256 usedCurrency, uint256 foundCurrency) {
        uint256 value = listing.currency == address(0) ? listing.currencyAmount : 0;
        if (msg.value != value) revert Venue_WrongValue(msg.value, value);
        previewListing(listing);

        (PoolKey memory key, uint160 sqrtPriceX96, uint128 liquidity) = _plan(listing);
        id = keccak256(abi.encode(key));
        _keys[id] = key;
        _lock(id, listing.recipient, listing.lockedUntil, liquidity);

        manager.initialize(key, sqrtPriceX96);
        (uint256 paid0, uint256 paid1) = _change(
            Change({
                key: key,
                liquidity: int256(uint256(liquidity)),
                payer: msg.sender,
                recipient: msg.sender,
                least0: 0,
                least1: 0
            })
        );
        (usedToken, usedCurrency) = listing.token == key.currency0 ? (paid0, paid1) : (paid1, paid0);
        foundCurrency = 0;

        if (value != usedCurrency && value != 0) {
            (bool taken, ) = msg.sender.call{value: value - usedCurrency}("");
            if (!taken) revert Venue_EtherRefused(msg.sender);
        }
    }

    /// @notice Sends the position's fees to the lock's recipient; anybody may call it.
    /// @param least0 and least1 accepted of the pool's currencies; below them it reverts
    function collectFees(
        bytes32 id,
        uint256 least0,
        uint256 least1
    ) external returns (uint256 amount0, uint256 amount1) {
        (address recipient, , ) = lockOf(id);
        if (recipient == address(0)) revert Lock_Unknown(id);

        (amount0, amount1) = _change(
            Change({
                key: _keys[id],
                liquidity: 0,
                payer: address(0),
                recipient: recipient,
                least0: least0,
                least1: least1
            })
        );
        emit FeesCollected(id, recipient, amount0, amount1);
    }

    /// @dev The manager calls back whoever unlocked it: `data` is always our own.
    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        if (msg.sender != address(manager)) revert VenueV4_NotManager(msg.sender);
        Change memory change = abi.decode(data, (Change));

        (int24 lower, int24 upper) = _fullRange(change.key.tickSpacing);
        (int256 delta, ) = manager.modifyLiquidity(
            change.key,
            ModifyLiquidityParams({tickLower: lower, tickUpper: upper, liquidityDelta: change.liquidity, salt: 0}),
            ""
        );
        uint256 amount0 = _settle(change.key.currency0, int128(delta >> 128), change);
        uint256 amount1 = _settle(change.key.currency1, int128(delta), change);
        if (amount0 < change.least0) revert VenueV4_TooLittle(amount0, change.least0);
        if (amount1 < change.least1) revert VenueV4_TooLittle(amount1, change.least1);
        return abi.encode(amount0, amount1);
    }

    /// @inheritdoc IVenue
    /// @dev Limits of v4: static fee, tick spacing, amounts in 127 bits, price in range, liquidity per tick.
    function previewListing(Listing calldata listing) public view {
        address born = Birth.firstOf(msg.sender);
        if (listing.token != born) revert Venue_NotBornHere(listing.token, born);
        if (listing.feeTier > MAX_FEE) revert Venue_FeeTier(listing.feeTier, MAX_FEE);
        if (listing.tickSpacing < 1 || listing.tickSpacing > MAX_TICK_SPACING) {
            revert Venue_TickSpacing(listing.tickSpacing, 1);
        }
        _requireFits(listing.tokenAmount);
        _requireFits(listing.currencyAmount);
        (, , uint128 liquidity) = _plan(listing);
        if (liquidity == 0) revert Venue_AmountTooSmall(0, 1);
        // Pool.tickSpacingToMaxLiquidityPerTick: all ticks of the spacing share 128 bits.
        uint256 spacing = uint24(listing.tickSpacing);
        uint256 span = uint24(MAX_TICK) / spacing;
        uint256 ticks = 2 * span + (span * spacing == uint24(MAX_TICK) ? 1 : 2);
        if (liquidity > type(uint128).max / ticks) {
            revert Venue_AmountTooLarge(liquidity, type(uint128).max / ticks);
        }
    }

    /// @dev sqrtPriceX96 = ⌊√(n ÷ d) · 2^96⌋ with n of currency1 for d of currency0; liquidity of the full range, rounded
    /// down: min(d · √p, n ÷ √p) needs at most d and n, as the true range ends before 0 and ∞.
    function _plan(
        Listing calldata listing
    ) private view returns (PoolKey memory key, uint160 sqrtPriceX96, uint128 liquidity) {
        bool tokenIs0 = listing.token < listing.currency;
        key = PoolKey({
            currency0: tokenIs0 ? listing.token : listing.currency,
            currency1: tokenIs0 ? listing.currency : listing.token,
            fee: listing.feeTier,
            tickSpacing: listing.tickSpacing,
            hooks: address(this)
        });
        (uint256 d, uint256 n) = tokenIs0
            ? (listing.tokenAmount, listing.currencyAmount)
            : (listing.currencyAmount, listing.tokenAmount);
        if (n == 0 || d == 0) revert Venue_AmountTooSmall(0, 1);

        // n · 2^192 ÷ d fits while n ÷ d < 2^63; beyond that fewer bits are kept.
        uint256 root =
            n / d < 1 << 63 ? Math.sqrt(Math.mulDiv(n, 1 << 192, d)) : Math.sqrt(Math.mulDiv(n, 1 << 128, d)) << 32;
        if (root < MIN_SQRT_PRICE || root > MAX_SQRT_PRICE) {
            revert VenueV4_PriceOutOfRange(root, MIN_SQRT_PRICE, MAX_SQRT_PRICE);
        }
        sqrtPriceX96 = uint160(root);
        uint256 most = Math.min(Math.mulDiv(d, root, 1 << 96), Math.mulDiv(n, 1 << 96, root));
        // Both amounts have 127 bits, and so has their geometric mean.
        liquidity = uint128(most);
    }

    function _change(Change memory change) private returns (uint256 amount0, uint256 amount1) {
        return abi.decode(manager.unlock(abi.encode(change)), (uint256, uint256));
    }

    /// @dev Pays the manager what is owed, or takes from it what is due. `sync` comes first for ETH too: somebody may have
    /// left another currency synced in this transaction.
    function _settle(address currency, int128 delta, Change memory change) private returns (uint256 amount) {
        if (delta < 0) {
            amount = uint256(-int256(delta));
            manager.sync(currency);
            if (currency == address(0)) {
                manager.settle{value: amount}();
            } else {
                IERC20(currency).safeTransferFrom(change.payer, address(manager), amount);
                manager.settle();
            }
        } else if (delta > 0) {
            amount = uint256(int256(delta));
            manager.take(currency, change.recipient, amount);
        }
    }

    function _fullRange(int24 spacing) private pure returns (int24 lower, int24 upper) {
        upper = (MAX_TICK / spacing) * spacing;
        lower = -upper;
    }

    function _requireFits(uint256 amount) private pure {
        if (amount > MAX_AMOUNT) revert Venue_AmountTooLarge(amount, MAX_AMOUNT);
    }

    function _handOver(bytes32 id, address recipient, uint256 amount) internal override {
        _change(
            Change({
                key: _keys[id],
                liquidity: -int256(amount),
                payer: address(0),
                recipient: recipient,
                least0: 0,
                least1: 0
            })
        );
    }
}
