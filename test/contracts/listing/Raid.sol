// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {Phase} from "../../../contracts/interfaces/ISale.sol";
import {IFeeLock, ILock} from "../../../contracts/interfaces/ILock.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Scene} from "./Scene.sol";

/// @notice One episode: an attacker prepares the ground, somebody lists, the attacker trades and leaves; everything is undone
/// at its end. Whatever the attacker does:
///
/// - L1 a listing opens the pool at the price of the terms (1e-9 on v2, 1e-6 else) with the amounts of the terms, or changes nothing
/// - L2 an honest listing passes (on v3: with a salt that nobody knew)
/// - L3 the launch is never worse off than by the terms: treasury, fee, sold and unsold tokens, and nothing else is allowed
/// - L4 the attacker ends with no more money than at the start, tokens sold
/// - L5 the lock's principal stays, and stays locked, until its second; then the treasury has it
abstract contract Raid is Scene {
    /// @dev Of one transaction (EIP-7825). A division by zero in Uniswap v2 and v3 burns all it has.
    uint256 private constant MOST_GAS = 16_777_216;

    struct Before {
        uint256 purse;
        uint256 saleMoney;
        uint256 saleTokens;
        uint256 venueEther;
        uint256 venueMoney;
    }

    Lot internal lot;
    bytes32 internal poolId;
    bool internal live;
    /// @dev While it is called back by a DEX: what it does there.
    bytes internal nested;
    uint256 private _calls;
    uint256 private _listings;
    uint256 private _refused;

    error Broken(string property, uint256 got, uint256 wanted);
    error Done(uint256 calls, uint256 listings, uint256 refused);

    modifier onlyMe() {
        require(msg.sender == address(this), "not me");
        _;
    }

    // ── What each venue's raid knows ──

    /// @dev One drawn action before the listing, and one after it.
    function _prepare() internal virtual;
    function _trade() internal virtual;
    /// @dev Tokens bought or sold in the sale's pool, all that is there.
    function _sellAll() internal virtual;
    function _leavePools() internal virtual;
    /// @dev `list` within a callback of the DEX.
    function _listNested(bytes memory call) internal virtual;
    /// @dev Reverts with `Broken` where the pool is not as the terms say.
    function _checkPool() internal view virtual;
    /// @dev What the lock keeps in the pool.
    function _principal() internal view virtual returns (uint256);
    function _secretSalt() internal virtual returns (bytes32);
    /// @dev The pool as the venue names it.
    function _idOf() internal view virtual returns (bytes32);

    // ── An episode ──

    function episode(uint256 seed) external onlyMe {
        vm.warp(CLOSES + 1 days);
        _seed(seed);
        lot = lots[_below(lots.length)];
        (live, poolId, _calls, _listings, _refused) = (false, 0, 0, 0, 0);
        uint256 worth = _purse(lot);
        if (lot.existing) {
            worth += (IERC20(lot.token).balanceOf(address(this)) * lot.poolMoney) / lot.poolTokens;
        }

        uint256 steps = _between(4, 40);
        for (uint256 i; i < steps && !live; i++) {
            if (_chance(15)) _attemptListing();
            else _count(abi.encodeCall(this.prepare, ()));
        }
        if (!live) _listHonestly();
        uint256 principal = _principal();
        steps = _between(2, 30);
        for (uint256 i; i < steps; i++) {
            _count(abi.encodeCall(this.trade, ()));
            _checkLock(principal);
        }
        _leave(worth);
        _checkLock(principal);
        _checkRelease(principal);
        revert Done(_calls, _listings, _refused);
    }

    function prepare() external onlyMe {
        _prepare();
    }

    function trade() external onlyMe {
        uint256 kind = _below(10);
        if (kind == 0) IFeeLock(venue).collectFees(poolId, _pick(0, 1), _pick(0, 1, type(uint256).max));
        else if (kind == 1) _mustStayLocked();
        else _trade();
    }

    function sellAll() external onlyMe {
        _sellAll();
    }

    function leavePools() external onlyMe {
        _leavePools();
    }

    function listNested(bytes calldata call) external onlyMe {
        _listNested(call);
    }

    function _count(bytes memory call) private {
        _calls++;
        // Its choices have been drawn even where it reverts, and are not drawn again.
        uint256 next = _roll();
        (bool passed, bytes memory why) = address(this).call{gas: MOST_GAS}(call);
        if (!passed && bytes4(why) == Broken.selector) {
            assembly {
                revert(add(why, 32), mload(why))
            }
        }
        if (!passed) _refused++;
        _seed(next);
    }

    // ── Listing ──

    function _attemptListing() private {
        bytes32 salt = _knownSalt();
        bytes memory call = abi.encodeCall(lot.sale.listWithSalt, (lot.sale.history(), salt));
        Before memory before = _look();
        uint256 kind = _below(4);
        _calls++;
        if (kind == 0) {
            (bool passed, ) = address(lot.sale).call{
                gas: _pick(_between(50_000, 700_000), _between(100_000, 7_000_000))
            }(call);
            passed;
        } else if (kind < 3) {
            (bool passed, ) = address(this).call{gas: MOST_GAS}(abi.encodeCall(this.listNested, (call)));
            passed;
        } else {
            (bool passed, ) = address(lot.sale).call{gas: MOST_GAS}(call);
            passed;
        }
        _checkListing(before, 0);
    }

    function _listHonestly() private {
        bytes32 salt = _secretSalt();
        Before memory before = _look();
        _calls++;
        bytes19 history = lot.sale.history();
        vm.prank(address(0xb0b));
        try lot.sale.listWithSalt{gas: MOST_GAS}(history, salt) {} catch (bytes memory why) {
            revert Broken("L2 an honest listing passes", uint32(bytes4(why)), 0);
        }
        _checkListing(before, 1);
    }

    /// @dev Where salts matter: one that the attacker knows beforehand.
    function _knownSalt() internal virtual returns (bytes32);

    function _look() private view returns (Before memory before) {
        before.saleMoney = _moneyOf(lot, address(lot.sale));
        before.saleTokens = lot.token == address(0) ? 0 : IERC20(lot.token).balanceOf(address(lot.sale));
        before.venueEther = venue.balance;
        before.venueMoney = _held(venue);
    }

    function _checkListing(Before memory before, uint256 least) private {
        Phase phase = lot.sale.phase();
        if (phase != Phase.Listed) {
            _equal("L1 phase of a sale that was not listed", uint256(phase), uint256(Phase.Succeeded));
            _equal("L1 listed or not", 0, least);
            _equal("L1 money untouched", _moneyOf(lot, address(lot.sale)), before.saleMoney);
            uint256 tokens = lot.token == address(0) ? 0 : IERC20(lot.token).balanceOf(address(lot.sale));
            _equal("L1 tokens untouched", tokens, before.saleTokens);
            return;
        }
        (live, lot.token) = (true, lot.sale.token());
        poolId = _idOf();
        _listings++;
        _checkPool();
        _checkBooks(before);
    }

    function _checkBooks(Before memory before) private view {
        IERC20 token = IERC20(lot.token);
        (uint256 fee, uint256 treasury, , uint256 unsold) = lot.sale.credits();
        uint256 sold = (lot.raised / 3) * 5e13;
        _equal("L3 fee", fee, lot.raised / 50);
        _atLeast("L3 treasury", treasury, lot.raised - fee - lot.poolMoney);
        _atLeast("L3 unsold", unsold, SUPPLY - sold - lot.poolTokens);
        _atLeast("L3 tokens in the pool", SUPPLY - sold - lot.poolTokens + lot.poolTokens / 1e6 + 2, unsold);
        _atLeast("L3 tokens kept", token.balanceOf(address(lot.sale)), sold + unsold);
        _atLeast("L3 money kept", _moneyOf(lot, address(lot.sale)), fee + treasury);
        _equal("L3 allowance of tokens", token.allowance(address(lot.sale), venue), 0);
        if (lot.currency != address(0)) {
            _equal("L3 allowance of money", IERC20(lot.currency).allowance(address(lot.sale), venue), 0);
        }
        _equal("L3 ether at the venue", venue.balance, before.venueEther);
        _equal("L3 money at the venue", _held(venue), before.venueMoney);
        _equal("L3 tokens at the venue", token.balanceOf(venue), 0);
    }

    function _held(address account) private view returns (uint256) {
        return lot.money == address(0) ? 0 : IERC20(lot.money).balanceOf(account);
    }

    /// @dev Price as Q96 of currency1 for currency0, against the terms.
    function _checkPrice(uint256 sqrtPriceX96, bool tokenIs0) internal view {
        (uint256 d, uint256 n) = tokenIs0 ? (lot.poolTokens, lot.poolMoney) : (lot.poolMoney, lot.poolTokens);
        uint256 got = Math.mulDiv(sqrtPriceX96, sqrtPriceX96, 1 << 96);
        uint256 wanted = Math.mulDiv(n, 1 << 96, d);
        if (got + got / 1e6 < wanted || wanted + wanted / 1e6 < got) revert Broken("L1 price", got, wanted);
    }

    // ── Lock and purse ──

    function _checkLock(uint256 principal) private view {
        (address recipient, uint256 until, uint256 amount) = ILock(venue).lockOf(poolId);
        _equal("L5 recipient", uint160(recipient), uint160(TREASURY));
        _equal("L5 until", until, lot.sale.listedAt() + LOCK);
        _equal("L5 locked", amount, principal);
        _atLeast("L5 principal", _principal(), principal);
    }

    function _mustStayLocked() private {
        uint256 end = lot.sale.listedAt() + LOCK - 1;
        vm.warp(_pick(block.timestamp, end, _between(block.timestamp, end)));
        (bool passed, ) = venue.call(abi.encodeCall(ILock.release, (poolId)));
        if (passed) revert Broken("L5 released early", block.timestamp, end + 1);
    }

    function _checkRelease(uint256 principal) private {
        vm.warp(lot.sale.listedAt() + LOCK);
        _equal("L5 released", ILock(venue).release(poolId), principal);
        (address recipient, , ) = ILock(venue).lockOf(poolId);
        _equal("L5 released twice", uint160(recipient), 0);
    }

    function _leave(uint256 worth) private {
        (bool left, ) = address(this).call{gas: MOST_GAS}(abi.encodeCall(this.leavePools, ()));
        (bool sold, ) = address(this).call{gas: MOST_GAS}(abi.encodeCall(this.sellAll, ()));
        (left, sold);
        uint256 ends = _purse(lot);
        if (ends > worth) revert Broken("L4 the attacker profits", ends, worth);
    }

    function _equal(string memory property, uint256 got, uint256 wanted) internal pure {
        if (got != wanted) revert Broken(property, got, wanted);
    }

    function _atLeast(string memory property, uint256 got, uint256 wanted) internal pure {
        if (got < wanted) revert Broken(property, got, wanted);
    }
}
