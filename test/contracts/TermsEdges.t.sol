// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {SaleFixture} from "./support/SaleFixture.sol";
import {Schedule} from "../../contracts/interfaces/Terms.sol";
import {MoodyVenue} from "../../contracts/mocks/MoodyVenue.sol";

/// @dev Each bound of the terms: the last value that is taken, and the first that is not. `Terms.t.sol` has the reasons.
contract TermsEdgesTest is SaleFixture {
    function _withoutPool() private {
        terms.listing.venue = address(0);
        terms.listing.liquidityBps = 0;
    }

    function _withoutFee() private {
        terms.payout.feeBps = 0;
    }

    /// @dev One unit of currency for one of the token, and as much of each as there can be.
    function _smallest() private {
        _withoutPool();
        _withoutFee();
        terms.sale.price.currencyUnits = 1;
        terms.sale.price.tokenUnits = 1;
        terms.listing.price = terms.sale.price;
        terms.sale.minPurchase = 0;
        terms.sale.softCap = 1;
        terms.sale.hardCap = 1;
        terms.token.maxSupply = 1;
    }

    function test_the_smallest_sale() public {
        _smallest();
        deploy();
        assertEq(token.totalSupply(), 1, "supply");
    }

    function test_the_largest_sale() public {
        _smallest();
        terms.sale.hardCap = type(uint96).max;
        terms.sale.softCap = type(uint96).max;
        terms.sale.minPurchase = type(uint96).max;
        terms.token.maxSupply = type(uint128).max / 2;
        deploy();
        assertEq(token.totalSupply(), type(uint128).max / 2, "supply");
    }

    function test_price_currency_units() public {
        _smallest();
        terms.sale.price.currencyUnits = type(uint96).max;
        terms.listing.price.currencyUnits = type(uint96).max;
        terms.sale.softCap = type(uint96).max;
        terms.sale.hardCap = type(uint96).max;
        deploy();
        terms.listing.price.currencyUnits = 1 << 96;
        refuseTerm("listing.price", 1 << 96, type(uint96).max);
        terms.sale.price.currencyUnits = 1 << 96;
        refuseTerm("sale.price", 1 << 96, type(uint96).max);
    }

    function test_price_token_units() public {
        _smallest();
        // The last value of the price itself is more than there can be of a token.
        terms.sale.price.tokenUnits = type(uint128).max / 2;
        terms.listing.price.tokenUnits = type(uint128).max / 2;
        terms.token.maxSupply = type(uint128).max / 2;
        deploy();
        terms.sale.price.tokenUnits = type(uint128).max;
        terms.listing.price.tokenUnits = type(uint128).max;
        refuseTerm("token.maxSupply", type(uint128).max / 2, type(uint128).max);
        terms.listing.price.tokenUnits = 1 << 128;
        refuseTerm("listing.price", 1 << 128, type(uint128).max);
        terms.sale.price.tokenUnits = 1 << 128;
        refuseTerm("sale.price", 1 << 128, type(uint128).max);
        terms.sale.price.tokenUnits = 0;
        refuseTerm("sale.price", 0, 1);
    }

    function test_listing_price_in_lowest_terms_and_not_zero() public {
        terms.listing.price.currencyUnits = 12;
        terms.listing.price.tokenUnits = 16e13;
        refuseTerm("listing.price", 4, 1);
        terms.listing.price.currencyUnits = 0;
        refuseTerm("listing.price", 0, 1);
        terms.listing.price.currencyUnits = 3;
        terms.listing.price.tokenUnits = 0;
        refuseTerm("listing.price", 0, 1);
    }

    function test_caps_and_minimum() public {
        terms.sale.softCap = 3;
        terms.listing.price.currencyUnits = 3;
        _withoutPool();
        deploy();
        terms.sale.softCap = HARD;
        terms.sale.minPurchase = HARD;
        deploy();
        terms.sale.softCap = HARD + 3;
        refuseTerm("sale.softCap", HARD + 3, HARD);
    }

    function test_closesAt() public {
        terms.sale.closesAt = uint64(OPENS + 1);
        terms.listing.deadline = uint64(OPENS + 1 + DELAY + 3 days);
        deploy();
        terms.sale.closesAt = uint64(OPENS + 730 days);
        terms.listing.deadline = uint64(OPENS + 730 days + DELAY + 3 days);
        deploy();
        terms.sale.closesAt = uint64(OPENS + 730 days + 1);
        refuseTerm("sale.closesAt", OPENS + 730 days + 1, OPENS + 730 days);
    }

    function test_coolingOff() public {
        terms.sale.coolingOff = 730 days;
        deploy();
        terms.sale.coolingOff = 730 days + 1;
        refuseTerm("sale.coolingOff", 730 days + 1, 730 days);
    }

    function test_listing_delay() public {
        terms.listing.delay = 1 hours;
        deploy();
        terms.listing.delay = 30 days;
        terms.listing.deadline = uint64(CLOSES + 30 days + 3 days);
        deploy();
        terms.listing.delay = 30 days + 1;
        refuseTerm("listing.delay", 30 days + 1, 30 days);
    }

    function test_listing_deadline() public {
        uint256 last = CLOSES + DELAY + 730 days;
        terms.listing.deadline = uint64(last);
        deploy();
        terms.listing.deadline = uint64(last + 1);
        refuseTerm("listing.deadline", last + 1, last);
        terms.listing.deadline = type(uint32).max;
        terms.sale.closesAt = uint64(type(uint32).max - DELAY - 3 days);
        terms.sale.opensAt = terms.sale.closesAt - 1;
        deploy();
        terms.listing.deadline++;
        refuseTerm("listing.deadline", 1 << 32, type(uint32).max);
    }

    function test_liquidity_and_its_venue() public {
        terms.listing.liquidityBps = 10_000;
        deploy();
        terms.listing.liquidityBps = 10_001;
        refuseTerm("listing.liquidityBps", 10_001, 10_000);
        terms.listing.liquidityBps = 0;
        refuseTerm("listing.venue", uint160(address(venue)), 0);
        terms.listing.liquidityBps = 1;
        terms.listing.venue = address(0);
        refuseTerm("listing.venue", 0, 1);
    }

    function test_lock() public {
        terms.listing.lockSeconds = 36_500 days;
        deploy();
        terms.listing.lockSeconds = 0;
        deploy();
    }

    function test_fees() public {
        terms.payout.feeBps = 1000;
        deploy();
        terms.payout.feeFixed = 1;
        refuseTerm("payout.fee", SOFT * 1000 + 10_000, SOFT * 1000);
        terms.payout.feeBps = 0;
        terms.payout.feeFixed = SOFT / 10;
        deploy();
        terms.payout.feeFixed = 1 << 96;
        refuseTerm("payout.feeFixed", 1 << 96, type(uint96).max);
    }

    function test_fee_recipient() public {
        terms.payout.feeRecipient = address(0);
        refuseTerm("payout.feeRecipient", 200, 0);
        terms.payout.feeBps = 0;
        deploy();
        terms.payout.feeFixed = 7;
        refuseTerm("payout.feeRecipient", 7, 0);
    }

    function test_stream() public {
        terms.payout.streamSeconds = 36_500 days;
        deploy();
        terms.payout.streamSeconds = 36_500 days + 1;
        refuseTerm("payout.streamSeconds", 36_500 days + 1, 36_500 days);
    }

    function test_schedule() public {
        terms.vesting.buyers = Schedule(10_000, 36_500 days, 36_500 days, 0);
        deploy();
        terms.vesting.buyers.durationSeconds = 36_500 days + 1;
        refuseTerm("vesting.buyers.durationSeconds", 36_500 days + 1, 36_500 days);
    }

    function test_allocations() public {
        terms.vesting.allocationsRoot = bytes32(uint256(1));
        uint256 supply = terms.token.maxSupply;
        uint256 pool = (((HARD - HARD / 50) * 4) / 10 / 3) * 4e13;
        uint256 rest = supply - (HARD / 3) * 5e13 - pool;
        terms.vesting.allocationsTotal = rest;
        deploy();
        assertEq(token.balanceOf(address(vesting)), rest, "escrowed");
        terms.vesting.allocationsTotal = rest + 1;
        refuseTerm("token.maxSupply", supply, supply + 1);
        terms.vesting.allocationsTotal = supply;
        refuseTerm("token.maxSupply", supply, 2 * supply - rest);
        terms.vesting.allocationsTotal = supply + 1;
        refuseTerm("vesting.allocationsTotal", supply + 1, supply);
    }

    function test_who_signs() public {
        terms.roles.owner = address(0);
        deploy();
        terms.roles.owner = OWNER;
        terms.roles.signer = address(0);
        deploy();
        terms.roles.owner = address(0);
        refuseTerm("roles.signer", 0, 1);
        terms.sale.voucherRequired = false;
        deploy();
    }

    /// @dev The pool of each cap: 40 % of it less 2 %, and what that is at 3 units of currency for 4e13 of the token.
    function test_the_venue_is_asked_about_the_pool_of_either_cap() public {
        MoodyVenue moody = new MoodyVenue(false);
        terms.listing.venue = address(moody);
        MoodyVenue.Plan memory plan;
        plan.refuses = true;
        uint256[2] memory pools = [uint256(35_280 * UNIT), 94_080 * UNIT];
        for (uint256 i = 0; i < 2; i++) {
            plan.refused = pools[i];
            moody.setPlan(plan);
            refuseTerms(abi.encodeWithSelector(MoodyVenue.MoodyVenue_Refuses.selector));
        }
        plan.refused = 1;
        moody.setPlan(plan);
        deploy();
    }
}
