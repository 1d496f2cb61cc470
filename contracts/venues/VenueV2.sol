// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IUniswapV2Factory, IUniswapV2Pair, IWETH9} from "../interfaces/IUniswapV2.sol";
import {IVenue, Listing} from "../interfaces/IVenue.sol";
import {Birth} from "../libraries/Birth.sol";
import {LiquidityLock} from "./LiquidityLock.sol";

/// @title Lists on a Uniswap v2 pair directly, at exactly the listing price whatever was donated to it before
/// @notice No token exists outside the sale and its vesting before listing, so a stranger can give the pair nothing but
/// currency, and the pair's total supply is zero. That currency is taken out and sent to the sale.
/// `token` must be the first contract the caller ever created (EIP-161 nonce 1), so that nobody can list somebody else's.
/// @dev Fees of v2 cannot be told from the liquidity: they leave with it at release. ETH is listed as WETH.
/// A listing counts what comes in while it empties the pair, and a caller's own token may call out in between. The guard
/// keeps other sales' liquidity, minted to this contract, from arriving in that moment and being counted as found.
contract VenueV2 is IVenue, LiquidityLock, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint24 private constant FEE_TIER = 3000;
    uint256 private constant MINIMUM_LIQUIDITY = 1000;

    address public immutable factory;
    address public immutable weth;

    struct Pool {
        address pair;
        address token;
        address money;
        bool tokenIs0;
    }

    constructor(address factory_, address weth_) {
        factory = factory_;
        weth = weth_;
    }

    receive() external payable {
        if (msg.sender != weth) revert Venue_EtherRefused(msg.sender);
    }

    /// @inheritdoc IVenue
    function list(
        Listing calldata listing
    )
        external
        payable
        nonReentrant
        returns (bytes32 id, uint256 usedToken, uint256 usedCurrency, uint256 foundCurrency)
    {
        uint256 value = listing.currency == address(0) ? listing.currencyAmount : 0;
        if (msg.value != value) revert Venue_WrongValue(msg.value, value);
        previewListing(listing);

        Pool memory pool = _poolOf(listing);
        if (IUniswapV2Pair(pool.pair).totalSupply() != 0) revert Venue_AlreadyLive(pool.pair);

        uint256 kept;
        uint256 tokensSent;
        (foundCurrency, kept, tokensSent) = _empty(pool, listing.tokenAmount);
        // No donation that exists is so large: it would be some 250 times the pool's money at the least, and lost.
        if (kept > listing.currencyAmount) revert Venue_AmountTooLarge(kept, listing.currencyAmount);

        usedToken = listing.tokenAmount;
        usedCurrency = listing.currencyAmount - kept;
        IERC20(pool.token).safeTransferFrom(msg.sender, pool.pair, usedToken - tokensSent);
        _payIn(pool, listing.currency, usedCurrency);
        uint256 liquidity = IUniswapV2Pair(pool.pair).mint(address(this));

        (uint256 tokens, uint256 money) = _reserves(pool);
        if (tokens != listing.tokenAmount || money != listing.currencyAmount) revert Venue_PriceMissed(tokens, money);

        id = bytes32(uint256(uint160(pool.pair)));
        _lock(id, listing.recipient, listing.lockedUntil, liquidity);
        _giveBack(listing.currency, foundCurrency, value - (value == 0 ? 0 : usedCurrency));
    }

    /// @inheritdoc IVenue
    function bearsToken() external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IVenue
    /// @dev Limits of a v2 pair: uint112 reserves, √(token × currency) above the minimum liquidity, donated to or not.
    function previewListing(Listing calldata listing) public view {
        address born = Birth.firstOf(msg.sender);
        if (listing.token != born) revert Venue_NotBornHere(listing.token, born);
        if (listing.feeTier != FEE_TIER) revert Venue_FeeTier(listing.feeTier, FEE_TIER);
        if (listing.tickSpacing != 0) revert Venue_TickSpacing(listing.tickSpacing, 0);
        _requireFits(listing.tokenAmount);
        _requireFits(listing.currencyAmount);
        // Room for the swap that takes a donation out.
        if (listing.tokenAmount < MINIMUM_LIQUIDITY) {
            revert Venue_AmountTooSmall(listing.tokenAmount, MINIMUM_LIQUIDITY);
        }
        // What `mint` counts after a donation was taken out, half of the tokens being in already. More than half of the
        // currency is in only after a donation of some 250 times the pool's.
        uint256 tokens = listing.tokenAmount - listing.tokenAmount / 2 - 1;
        uint256 money = listing.currencyAmount / 2;
        uint256 liquidity = Math.sqrt(tokens * money);
        if (liquidity <= MINIMUM_LIQUIDITY) revert Venue_AmountTooSmall(liquidity, MINIMUM_LIQUIDITY + 1);
    }

    /// @dev Takes strangers' currency out of the pair. What was never synced is skimmed; where there is none, `skim` would
    /// move zero, which some currencies refuse. What is in the reserves is bought with x tokens: with reserves (1, d), the
    /// pair's invariant (1000·(1 + x) − 3x) · 1000y ≥ 1000² · d leaves y = ⌈1000d ÷ (1000 + 997x)⌉ (UniswapV2Pair.swap,
    /// fee 0.3 %). x = 2d leaves a unit, and is at most half of the tokens: `mint` gives no liquidity for x, and so the part
    /// that the pair burns for ever grows.
    /// @return found currency taken out, now here; kept currency still in the pair; sent tokens already paid in
    function _empty(Pool memory pool, uint256 tokenAmount) private returns (uint256 found, uint256 kept, uint256 sent) {
        uint256 before = IERC20(pool.money).balanceOf(address(this));
        (, uint256 donated) = _reserves(pool);
        if (IERC20(pool.money).balanceOf(pool.pair) > donated) IUniswapV2Pair(pool.pair).skim(address(this));

        kept = donated;
        if (donated > 1) {
            uint256 paidIn = Math.min(tokenAmount / 2, 2 * donated);
            IERC20(pool.token).safeTransferFrom(msg.sender, pool.pair, 1);
            IUniswapV2Pair(pool.pair).sync();
            IERC20(pool.token).safeTransferFrom(msg.sender, pool.pair, paidIn);
            sent = 1 + paidIn;

            kept = Math.ceilDiv(1000 * donated, 1000 + 997 * paidIn);
            uint256 out = donated - kept;
            if (out != 0) {
                IUniswapV2Pair(pool.pair).swap(pool.tokenIs0 ? 0 : out, pool.tokenIs0 ? out : 0, address(this), "");
            }
        }

        found = IERC20(pool.money).balanceOf(address(this)) - before;
    }

    function _payIn(Pool memory pool, address currency, uint256 amount) private {
        if (currency == address(0)) {
            IWETH9(weth).deposit{value: amount}();
            IERC20(weth).safeTransfer(pool.pair, amount);
        } else {
            IERC20(currency).safeTransferFrom(msg.sender, pool.pair, amount);
        }
    }

    function _giveBack(address currency, uint256 found, uint256 unused) private {
        if (currency != address(0)) {
            if (found != 0) IERC20(currency).safeTransfer(msg.sender, found);
            return;
        }

        if (found != 0) IWETH9(weth).withdraw(found);
        if (found + unused == 0) return;
        (bool taken, ) = msg.sender.call{value: found + unused}("");
        if (!taken) revert Venue_EtherRefused(msg.sender);
    }

    function _poolOf(Listing calldata listing) private returns (Pool memory pool) {
        pool.token = listing.token;
        pool.money = listing.currency == address(0) ? weth : listing.currency;
        pool.tokenIs0 = pool.token < pool.money;
        pool.pair = IUniswapV2Factory(factory).getPair(pool.token, pool.money);
        if (pool.pair == address(0)) pool.pair = IUniswapV2Factory(factory).createPair(pool.token, pool.money);
    }

    function _reserves(Pool memory pool) private view returns (uint256 tokens, uint256 money) {
        (uint256 reserve0, uint256 reserve1, ) = IUniswapV2Pair(pool.pair).getReserves();
        return pool.tokenIs0 ? (reserve0, reserve1) : (reserve1, reserve0);
    }

    function _requireFits(uint256 amount) private pure {
        if (amount > type(uint112).max) revert Venue_AmountTooLarge(amount, type(uint112).max);
    }

    function _handOver(bytes32 id, address recipient, uint256 amount) internal override {
        IERC20(address(uint160(uint256(id)))).safeTransfer(recipient, amount);
    }
}
