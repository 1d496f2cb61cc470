// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";

import {IPoolManager, ModifyLiquidityParams, PoolKey} from "../interfaces/IUniswapV4.sol";
import {IVenue, Listing} from "../interfaces/IVenue.sol";
import {Birth} from "../libraries/Birth.sol";
import {FullRange} from "../libraries/FullRange.sol";
import {FullRangeVenue} from "./FullRangeVenue.sol";
import {PoolOpener} from "./PoolOpener.sol";

/// @title Lists on Uniswap v4 in a pool that only this contract can open, at exactly the listing price
/// @notice The venue is the pool's hook, its adapter and its lock in one. The low 14 bits of its address claim
/// `beforeInitialize`, which it does not implement: the manager leaves a hook out only when the hook itself calls, so every
/// foreign `initialize` reverts and no pool can be prepared. The position spans the full range and is held at the manager
/// by this contract, without a token that could be moved.
///
/// A token that is not the caller's first creation may be anybody's, and a pool of this hook could be taken by whoever lists
/// it first. For each such listing a hook of its own is born, at an address that follows from the sale and a salt.
/// @dev For whoever writes terms and calls `list`:
/// - `feeTier`: static, at most 100,000 (10 %); `tickSpacing`: 1 to 32,767, freely chosen.
/// - a LaunchToken: `Sale.list(history)`. An existing token: `Sale.listWithSalt(history, salt)` with a salt for which the low
///   14 bits of `hookOf(sale, salt)` are 0x2000; one in 16,384 is. It need not be secret: see `PoolOpener`.
///
/// It holds no money between calls, and counts none by its balance.
contract VenueV4 is FullRangeVenue {
    using SafeERC20 for IERC20;

    /// @dev A change of a position within the manager's lock: who pays what is owed, who receives what is due.
    struct Change {
        PoolKey key;
        int256 liquidity;
        address payer;
        address recipient;
    }

    /// @dev Hooks.sol: bit 13 of the address is `beforeInitialize`; no other hook, so that routers know the pool's price.
    uint160 private constant HOOK_BITS = 0x3FFF;
    uint160 private constant BEFORE_INITIALIZE = 1 << 13;
    /// @dev In hundredths of a basis point: 10 %. A dynamic fee has bit 23 set and is above it.
    uint24 private constant MAX_FEE = 100_000;
    int24 private constant MAX_TICK_SPACING = 32_767;

    IPoolManager public immutable manager;

    mapping(bytes32 id => PoolKey) private _keys;

    error VenueV4_HookAddress(address got);
    error VenueV4_NotManager(address got);

    constructor(IPoolManager manager_) {
        if (uint160(address(this)) & HOOK_BITS != BEFORE_INITIALIZE) revert VenueV4_HookAddress(address(this));
        manager = manager_;
    }

    /// @dev The manager calls back whoever unlocked it: `data` is always our own.
    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        if (msg.sender != address(manager)) revert VenueV4_NotManager(msg.sender);
        Change memory change = abi.decode(data, (Change));

        (int24 lower, int24 upper) = FullRange.ticks(change.key.tickSpacing);
        (int256 delta, ) = manager.modifyLiquidity(
            change.key,
            ModifyLiquidityParams({tickLower: lower, tickUpper: upper, liquidityDelta: change.liquidity, salt: 0}),
            ""
        );
        uint256 amount0 = _settle(change.key.currency0, int128(delta >> 128), change);
        uint256 amount1 = _settle(change.key.currency1, int128(delta), change);
        return abi.encode(amount0, amount1);
    }

    /// @inheritdoc IVenue
    function bearsToken() external pure returns (bool) {
        return false;
    }

    /// @notice Where the hook of an existing token is born when `sale` lists with `salt`; the low 14 bits must be 0x2000.
    function hookOf(address sale, bytes32 salt) public view returns (address) {
        return Create2.computeAddress(_saltOf(sale, salt), keccak256(type(PoolOpener).creationCode));
    }

    /// @inheritdoc IVenue
    /// @dev Limits of v4: static fee, tick spacing, amounts in 127 bits, price in range, liquidity per tick.
    function previewListing(Listing calldata listing) public pure override {
        if (listing.feeTier > MAX_FEE) revert Venue_FeeTier(listing.feeTier, MAX_FEE);
        if (listing.tickSpacing < 1 || listing.tickSpacing > MAX_TICK_SPACING) {
            revert Venue_TickSpacing(listing.tickSpacing, 1);
        }
        (, uint128 liquidity) = _plan(listing);
        FullRange.requireHeld(liquidity, listing.tickSpacing);
    }

    function _open(
        Listing calldata listing
    ) internal override returns (bytes32 id, uint256 usedToken, uint256 usedCurrency) {
        bool own = _isOwn(listing);
        bool tokenIs0 = listing.token < listing.currency;
        PoolKey memory key = PoolKey({
            currency0: tokenIs0 ? listing.token : listing.currency,
            currency1: tokenIs0 ? listing.currency : listing.token,
            fee: listing.feeTier,
            tickSpacing: listing.tickSpacing,
            hooks: own ? address(this) : _bearHook(listing.salt)
        });
        (uint160 sqrtPriceX96, uint128 liquidity) = _plan(listing);
        id = keccak256(abi.encode(key));
        _keys[id] = key;
        _lock(id, listing.recipient, listing.lockedUntil, liquidity);

        if (own) manager.initialize(key, sqrtPriceX96);
        else PoolOpener(key.hooks).open(manager, key, sqrtPriceX96);
        (uint256 paid0, uint256 paid1) = _change(Change(key, int256(uint256(liquidity)), msg.sender, msg.sender));
        (usedToken, usedCurrency) = tokenIs0 ? (paid0, paid1) : (paid1, paid0);
    }

    function _takeOut(
        bytes32 id,
        address recipient,
        uint256 liquidity
    ) internal override returns (uint256 amount0, uint256 amount1) {
        return _change(Change(_keys[id], -int256(liquidity), address(0), recipient));
    }

    function _plan(Listing calldata listing) private pure returns (uint160 sqrtPriceX96, uint128 liquidity) {
        (uint256 d, uint256 n) = (listing.tokenAmount, listing.currencyAmount);
        return listing.token < listing.currency ? FullRange.plan(d, n) : FullRange.plan(n, d);
    }

    /// @dev A token is known to be the caller's own where it was the caller's first creation.
    function _isOwn(Listing calldata listing) private view returns (bool) {
        return listing.token == Birth.firstOf(msg.sender);
    }

    function _bearHook(bytes32 salt) private returns (address hook) {
        hook = address(new PoolOpener{salt: _saltOf(msg.sender, salt)}());
        if (uint160(hook) & HOOK_BITS != BEFORE_INITIALIZE) revert VenueV4_HookAddress(hook);
    }

    function _saltOf(address sale, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(sale, salt));
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
}
