// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISale} from "../../../contracts/interfaces/ISale.sol";
import {Price} from "../../../contracts/interfaces/Terms.sol";
import {MoodyToken} from "../../../contracts/mocks/MoodyToken.sol";
import {MoodyVenue} from "../../../contracts/mocks/MoodyVenue.sol";
import {Trials} from "./Trials.sol";

/// @notice Creation refuses each term one step out of its bounds, and says which.
abstract contract Bounds is Trials {
    uint256 private constant VARIANTS = 41;

    function _refuseTerms() internal {
        _undo(abi.encodeCall(this.refuseTerms, (_below(VARIANTS))));
    }

    function refuseTerms(uint256 variant) external onlyMe {
        bytes memory error_ = variant < 39 ? _outOfBounds(variant) : _refused(variant);
        (address made, bytes memory answer) = _deploySale();
        if (made != address(0) || keccak256(answer) != keccak256(error_)) revert Broken("I21 terms", answer, error_);
        revert Undone(0);
    }

    function _outOfBounds(uint256 variant) private returns (bytes memory) {
        (string memory field, uint256 got, uint256 wanted) = variant < 17 ? _outOfSale(variant) : _outOfRest(variant);
        return abi.encodeWithSelector(ISale.Sale_TermsInvalid.selector, field, got, wanted);
    }

    /// @dev Within the bounds of terms, but not for the signer or the venue.
    function _refused(uint256 variant) private returns (bytes memory) {
        if (variant == 39) {
            (terms.roles.signer, terms.roles.signerMaxCap) = (STRANGER, 2 ** 96);
            return abi.encodeWithSelector(ISale.Sale_SignerCapExceeded.selector, 2 ** 96, 2 ** 96 - 1);
        }
        (terms.listing.venue, terms.listing.liquidityBps) = (address(venue), 10_000);
        (terms.sale.price, terms.listing.price) = (Price(1, 1), Price(1, 1));
        (terms.sale.softCap, terms.sale.hardCap, terms.sale.minPurchase) = (500, 1000, 0);
        terms.payout.feeFixed = 0;
        MoodyVenue.Plan memory plan;
        plan.refuses = true;
        plan.refused = _poolMoney(_pick(terms.sale.softCap, terms.sale.hardCap));
        venue.setPlan(plan);
        terms.token.maxSupply = 2 ** 127 - 1;
        return abi.encodeWithSelector(MoodyVenue.MoodyVenue_Refuses.selector);
    }

    function _outOfSale(uint256 i) private returns (string memory, uint256, uint256) {
        uint256 unit = terms.sale.price.currencyUnits;
        if (i == 0) {
            terms.chainId += 1;
            return ("chainId", terms.chainId, block.chainid);
        }
        if (i == 1) {
            terms.token.decimals = 25;
            return ("token.decimals", 25, 24);
        }
        if (i == 2) {
            terms.token.maxSupply = _pick(0, 2 ** 127);
            return ("token.maxSupply", terms.token.maxSupply, terms.token.maxSupply == 0 ? 1 : 2 ** 127 - 1);
        }
        if (i == 3) {
            terms.token.maxSupply =
                _tokensFor(terms.sale.hardCap) +
                _poolTokens(_poolMoney(terms.sale.hardCap)) +
                terms.vesting.allocationsTotal;
            terms.token.maxSupply -= 1;
            return ("token.maxSupply", terms.token.maxSupply, terms.token.maxSupply + 1);
        }
        if (i == 4) {
            (terms.token.existing, terms.sale.currency) = (STRANGER, STRANGER);
            return ("token.existing", uint160(STRANGER), 0);
        }
        if (i == 5) {
            terms.sale.price.currencyUnits = _pick(0, 2 ** 96);
            return (
                "sale.price",
                terms.sale.price.currencyUnits,
                terms.sale.price.currencyUnits == 0 ? 1 : 2 ** 96 - 1
            );
        }
        if (i == 6) {
            terms.sale.price.tokenUnits = _pick(0, 2 ** 128);
            return ("sale.price", terms.sale.price.tokenUnits, terms.sale.price.tokenUnits == 0 ? 1 : 2 ** 128 - 1);
        }
        if (i == 7) {
            (terms.sale.price.currencyUnits, terms.sale.price.tokenUnits) = (6, 9);
            return ("sale.price", 3, 1);
        }
        if (i == 8) {
            terms.sale.hardCap = _pick(unit - 1, 2 ** 96);
            return ("sale.hardCap", terms.sale.hardCap, terms.sale.hardCap < unit ? unit : 2 ** 96 - 1);
        }
        if (i == 9) {
            terms.sale.softCap = _pick(unit - 1, terms.sale.hardCap + 1);
            return ("sale.softCap", terms.sale.softCap, terms.sale.softCap < unit ? unit : terms.sale.hardCap);
        }
        if (i == 10) {
            terms.sale.minPurchase = terms.sale.hardCap + 1;
            return ("sale.minPurchase", terms.sale.minPurchase, terms.sale.hardCap);
        }
        if (i < 14) return _notWhole(i);
        if (i == 14) {
            terms.sale.closesAt = terms.sale.opensAt;
            return ("sale.closesAt", terms.sale.opensAt, uint256(terms.sale.opensAt) + 1);
        }
        if (i == 15) {
            terms.sale.closesAt = terms.sale.opensAt + 730 days + 1;
            return ("sale.closesAt", terms.sale.closesAt, terms.sale.opensAt + 730 days);
        }
        terms.sale.coolingOff = 730 days + 1;
        return ("sale.coolingOff", 730 days + 1, 730 days);
    }

    /// @dev Each of the caps a unit short of a whole lot, at a price of two.
    function _notWhole(uint256 i) private returns (string memory, uint256, uint256) {
        terms.sale.price.currencyUnits = 2;
        terms.sale.price.tokenUnits = 1;
        (terms.sale.hardCap, terms.sale.softCap, terms.sale.minPurchase) = (100, 100, 100);
        if (i == 11) terms.sale.hardCap = 101;
        if (i == 12) terms.sale.softCap = 99;
        if (i == 13) terms.sale.minPurchase = 99;
        return (
            i == 11
                ? "sale.hardCap"
                : i == 12
                    ? "sale.softCap"
                    : "sale.minPurchase",
            1,
            0
        );
    }

    function _outOfRest(uint256 i) private returns (string memory, uint256, uint256) {
        if (i < 25) return _outOfListing(i);
        if (i == 25) {
            terms.payout.treasury = address(0);
            return ("payout.treasury", 0, 1);
        }
        if (i == 26) {
            terms.payout.feeBps = 1001;
            return ("payout.feeBps", 1001, 1000);
        }
        if (i == 27) {
            uint256 soft = terms.sale.softCap;
            terms.payout.feeFixed = (soft * (1000 - terms.payout.feeBps)) / 10_000 + 1;
            terms.payout.feeRecipient = FEE_RECIPIENT;
            return ("payout.fee", soft * terms.payout.feeBps + terms.payout.feeFixed * 10_000, soft * 1000);
        }
        if (i == 28) {
            (terms.payout.feeBps, terms.payout.feeFixed, terms.payout.feeRecipient) = (1, 0, address(0));
            return ("payout.feeRecipient", 1, 0);
        }
        if (i == 29) {
            terms.payout.streamSeconds = 36_500 days + 1;
            return ("payout.streamSeconds", 36_500 days + 1, 36_500 days);
        }
        if (i == 30) {
            terms.vesting.buyers.initialBps = 10_001;
            return ("vesting.buyers.initialBps", 10_001, 10_000);
        }
        if (i == 31) {
            terms.vesting.buyers.cliffSeconds = terms.vesting.buyers.durationSeconds + 1;
            return (
                "vesting.buyers.cliffSeconds",
                terms.vesting.buyers.cliffSeconds,
                terms.vesting.buyers.durationSeconds
            );
        }
        if (i == 32) {
            terms.vesting.allocationsRoot = terms.vesting.allocationsTotal == 0 ? bytes32(uint256(1)) : bytes32(0);
            return ("vesting.allocationsRoot", uint256(terms.vesting.allocationsRoot), 0);
        }
        if (i == 33) {
            terms.vesting.allocationsRoot = bytes32(uint256(1));
            terms.vesting.allocationsTotal = terms.token.maxSupply + 1;
            return ("vesting.allocationsTotal", terms.token.maxSupply + 1, terms.token.maxSupply);
        }
        if (i == 34) {
            terms.vesting.buyers.durationSeconds = 36_500 days + 1;
            return ("vesting.buyers.durationSeconds", 36_500 days + 1, 36_500 days);
        }
        if (i == 35) {
            terms.payout.feeFixed = 2 ** 96;
            return ("payout.feeFixed", 2 ** 96, 2 ** 96 - 1);
        }
        if (i == 36) {
            terms.token.existing = address(new MoodyToken(false));
            terms.token.decimals = uint8(_pick(0, 17, 19));
            return ("token.decimals", terms.token.decimals, 18);
        }
        if (i == 37) {
            (terms.listing.venue, terms.listing.liquidityBps) = (address(venue), uint16(_pick(1, 4000, 10_000)));
            terms.listing.price = Price(2 ** 96 - 1, 1);
            return ("listing.price", 2 ** 96 - 1, _poolMoney(terms.sale.softCap) / 100);
        }
        terms.sale.voucherRequired = true;
        (terms.roles.signer, terms.roles.owner) = (address(0), address(0));
        return ("roles.signer", 0, 1);
    }

    function _outOfListing(uint256 i) private returns (string memory, uint256, uint256) {
        if (i == 17) {
            terms.listing.delay = uint64(_pick(1 hours - 1, 30 days + 1));
            return ("listing.delay", terms.listing.delay, terms.listing.delay < 1 hours ? 1 hours : 30 days);
        }
        uint256 least = uint256(terms.sale.closesAt) + terms.listing.delay + 3 days;
        if (i == 18) {
            terms.listing.deadline = uint64(least - 1);
            return ("listing.deadline", least - 1, least);
        }
        if (i == 19) {
            terms.listing.deadline = uint64(least + 727 days + 1);
            return ("listing.deadline", terms.listing.deadline, least + 727 days);
        }
        if (i == 20) {
            terms.sale.opensAt = type(uint32).max - 4 days;
            terms.sale.closesAt = terms.sale.opensAt + 2 days - 1 hours;
            terms.listing.delay = 1 hours;
            terms.listing.deadline = uint64(type(uint32).max) + 1 days;
            return ("listing.deadline", terms.listing.deadline, type(uint32).max);
        }
        if (i == 21) {
            terms.listing.liquidityBps = 10_001;
            return ("listing.liquidityBps", 10_001, 10_000);
        }
        if (i == 22 && _chance(50)) {
            (terms.listing.price.currencyUnits, terms.listing.price.tokenUnits) = (6, 9);
            return ("listing.price", 3, 1);
        }
        if (i == 22) {
            (terms.sale.price.currencyUnits, terms.sale.price.tokenUnits) = (1, 7);
            (terms.listing.price.currencyUnits, terms.listing.price.tokenUnits) = (1, 8);
            return ("listing.price", 7, 8);
        }
        if (i == 23) {
            terms.listing.liquidityBps = terms.listing.liquidityBps == 0 ? 1 : 0;
            return ("listing.venue", uint160(terms.listing.venue), terms.listing.liquidityBps);
        }
        terms.listing.lockSeconds = uint64(_pick(36_500 days + 1, type(uint64).max - 1));
        return ("listing.lockSeconds", terms.listing.lockSeconds, 36_500 days);
    }
}
