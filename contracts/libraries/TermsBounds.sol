// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {ISale} from "../interfaces/ISale.sol";
import {ListingTerms, PayoutTerms, Price, SaleTerms, Schedule, Terms} from "../interfaces/Terms.sol";

/// @notice What every sale's terms must keep, so that no later step can overflow, stall or surprise.
/// @dev The launch file says the same earlier and all at once (`src/sdk/launchFile`); this is the last word. The feasibility
/// of the pool is the venue's to say.
library TermsBounds {
    uint256 internal constant BPS = 10_000;
    uint256 internal constant MAX_FEE_BPS = 1000;
    uint256 internal constant MAX_SALE_SECONDS = 730 days;
    /// @dev Rounding takes less than one in so many parts of a pool.
    uint256 internal constant MIN_POOL_LOTS = 100;
    uint256 internal constant MAX_SCHEDULE_SECONDS = 36_500 days;

    function check(Terms memory t) internal view {
        _exactly("chainId", t.chainId, block.chainid);
        _atMost("token.decimals", t.token.decimals, 24);
        // A v4 position counts what it is owed in 127 bits: of more, a holder could donate until nothing is paid out.
        _within("token.maxSupply", t.token.maxSupply, 1, type(uint128).max / 2);
        if (t.token.existing == t.sale.currency && t.token.existing != address(0)) {
            revert ISale.Sale_TermsInvalid("token.existing", uint160(t.token.existing), 0);
        }
        if (t.token.existing != address(0)) {
            _exactly("token.decimals", t.token.decimals, IERC20Metadata(t.token.existing).decimals());
        }

        _checkSale(t.sale);
        _checkListing(t);
        _checkPayout(t.payout, t.sale.softCap);
        _checkSchedule(t.vesting.buyers);
        if ((t.vesting.allocationsTotal == 0) != (t.vesting.allocationsRoot == 0)) {
            revert ISale.Sale_TermsInvalid("vesting.allocationsRoot", uint256(t.vesting.allocationsRoot), 0);
        }
        // Before it is summed, where it could overflow.
        _atMost("vesting.allocationsTotal", t.vesting.allocationsTotal, t.token.maxSupply);
        // Where the token is born in `list`, nothing is escrowed before, and nothing could be then.
        if (t.vesting.allocationsTotal != 0 && t.vesting.vesting.code.length == 0) {
            revert ISale.Sale_TermsInvalid("vesting.vesting", uint160(t.vesting.vesting), 1);
        }
        if (t.sale.voucherRequired && t.roles.signer == address(0) && t.roles.owner == address(0)) {
            revert ISale.Sale_TermsInvalid("roles.signer", 0, 1);
        }

        // The treasury gets what rounding leaves of the pool: a price in huge units would leave up to half of it.
        if (t.listing.liquidityBps != 0) {
            uint256 most = poolCurrency(t, t.sale.softCap) / MIN_POOL_LOTS;
            _atMost("listing.price", t.listing.price.currencyUnits, most);
        }
        uint256 promised =
            tokensFor(t.sale.price, t.sale.hardCap) +
                tokensFor(t.listing.price, poolCurrency(t, t.sale.hardCap)) +
                t.vesting.allocationsTotal;
        _atLeast("token.maxSupply", t.token.maxSupply, promised);
    }

    /// @notice Tokens for `amount` of currency; exact for multiples of `currencyUnits`, else rounded down to them.
    function tokensFor(Price memory price, uint256 amount) internal pure returns (uint256) {
        return (amount / price.currencyUnits) * price.tokenUnits;
    }

    /// @notice Fee on `raised`, rounded down.
    function feeOf(Terms memory t, uint256 raised) internal pure returns (uint256) {
        return feeOf(t.payout.feeBps, t.payout.feeFixed, raised);
    }

    function feeOf(uint256 feeBps, uint256 feeFixed, uint256 raised) internal pure returns (uint256) {
        return (raised * feeBps) / BPS + feeFixed;
    }

    /// @notice Currency that goes into the pool: the part of (raised − fee), rounded down to whole `currencyUnits` of the
    /// listing price, so that the ratio of both amounts is the price exactly.
    function poolCurrency(Terms memory t, uint256 raised) internal pure returns (uint256) {
        return poolCurrency(t.listing.liquidityBps, t.listing.price.currencyUnits, raised - feeOf(t, raised));
    }

    function poolCurrency(uint256 liquidityBps, uint256 currencyUnits, uint256 net) internal pure returns (uint256) {
        uint256 part = (net * liquidityBps) / BPS;
        return part - (part % currencyUnits);
    }

    function _checkSale(SaleTerms memory s) private pure {
        _checkPrice("sale.price", s.price);
        _within("sale.hardCap", s.hardCap, s.price.currencyUnits, type(uint96).max);
        _within("sale.softCap", s.softCap, s.price.currencyUnits, s.hardCap);
        _atMost("sale.minPurchase", s.minPurchase, s.hardCap);
        _exactly("sale.hardCap", s.hardCap % s.price.currencyUnits, 0);
        _exactly("sale.softCap", s.softCap % s.price.currencyUnits, 0);
        _exactly("sale.minPurchase", s.minPurchase % s.price.currencyUnits, 0);
        _within("sale.closesAt", s.closesAt, uint256(s.opensAt) + 1, uint256(s.opensAt) + MAX_SALE_SECONDS);
        _atMost("sale.coolingOff", s.coolingOff, MAX_SALE_SECONDS);
    }

    function _checkListing(Terms memory t) private pure {
        ListingTerms memory l = t.listing;
        uint256 closesAt = t.sale.closesAt;
        _within("listing.delay", l.delay, 1 hours, 30 days);
        _within("listing.deadline", l.deadline, closesAt + l.delay + 3 days, closesAt + l.delay + MAX_SALE_SECONDS);
        // `paidAt` has 32 bits.
        _atMost("listing.deadline", l.deadline, type(uint32).max);
        _atMost("listing.liquidityBps", l.liquidityBps, BPS);
        _checkPrice("listing.price", l.price);
        // currency per token: listing ≥ sale, cross-multiplied; each side is below 2^256
        _atLeast(
            "listing.price",
            l.price.currencyUnits * t.sale.price.tokenUnits,
            t.sale.price.currencyUnits * l.price.tokenUnits
        );
        if ((l.venue == address(0)) != (l.liquidityBps == 0)) {
            revert ISale.Sale_TermsInvalid("listing.venue", uint160(l.venue), l.liquidityBps);
        }
        if (l.lockSeconds != type(uint64).max) _atMost("listing.lockSeconds", l.lockSeconds, MAX_SCHEDULE_SECONDS);
    }

    function _checkPayout(PayoutTerms memory p, uint256 softCap) private pure {
        if (p.treasury == address(0)) revert ISale.Sale_TermsInvalid("payout.treasury", 0, 1);
        _atMost("payout.feeBps", p.feeBps, MAX_FEE_BPS);
        _atMost("payout.feeFixed", p.feeFixed, type(uint96).max);
        // A raise is at least the soft cap, so this bounds the fee of every raise.
        _atMost("payout.fee", softCap * p.feeBps + p.feeFixed * BPS, softCap * MAX_FEE_BPS);
        if (p.feeRecipient == address(0)) _exactly("payout.feeRecipient", uint256(p.feeBps) + p.feeFixed, 0);
        _atMost("payout.streamSeconds", p.streamSeconds, MAX_SCHEDULE_SECONDS);
    }

    function _checkSchedule(Schedule memory s) private pure {
        _atMost("vesting.buyers.initialBps", s.initialBps, BPS);
        _atMost("vesting.buyers.durationSeconds", s.durationSeconds, MAX_SCHEDULE_SECONDS);
        _atMost("vesting.buyers.cliffSeconds", s.cliffSeconds, s.durationSeconds);
    }

    function _checkPrice(string memory field, Price memory p) private pure {
        _within(field, p.currencyUnits, 1, type(uint96).max);
        _within(field, p.tokenUnits, 1, type(uint128).max);
        (uint256 a, uint256 b) = (p.currencyUnits, p.tokenUnits);
        while (b != 0) (a, b) = (b, a % b);
        _exactly(field, a, 1);
    }

    function _within(string memory field, uint256 got, uint256 least, uint256 most) private pure {
        _atLeast(field, got, least);
        _atMost(field, got, most);
    }

    function _atLeast(string memory field, uint256 got, uint256 least) private pure {
        if (got < least) revert ISale.Sale_TermsInvalid(field, got, least);
    }

    function _atMost(string memory field, uint256 got, uint256 most) private pure {
        if (got > most) revert ISale.Sale_TermsInvalid(field, got, most);
    }

    function _exactly(string memory field, uint256 got, uint256 wanted) private pure {
        if (got != wanted) revert ISale.Sale_TermsInvalid(field, got, wanted);
    }
}
