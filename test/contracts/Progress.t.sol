// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISale, Phase} from "../../contracts/interfaces/ISale.sol";
import {SaleFixture} from "./support/SaleFixture.sol";

contract FinaliseTest is SaleFixture {
    function test_T42_refuses_before_closesAt_and_passes_at_it() public {
        buy(alice, SOFT);
        vm.warp(CLOSES - 1);
        expectPhase(Phase.Open, Phase.Closed);
        sale.finalise();
        vm.warp(CLOSES);
        sale.finalise();
        assertEq(sale.settledAt(), CLOSES, "settledAt");
    }

    function test_refuses_below_the_soft_cap() public {
        buy(alice, SOFT - 3);
        close();
        expectPhase(Phase.Failed, Phase.Closed);
        sale.finalise();
    }

    function test_T43_refuses_twice() public {
        buy(alice, SOFT);
        settle();
        expectPhase(Phase.Succeeded, Phase.Closed);
        sale.finalise();
    }

    function test_T43_freezes_totals_and_history() public {
        buy(alice, SOFT);
        settle();
        vm.prank(COMPLIANCE);
        expectPhase(Phase.Succeeded, Phase.Open);
        sale.eject(alice);
        expectPhase(Phase.Succeeded, Phase.Open);
        vm.prank(COMPLIANCE);
        sale.invalidate(alice, 9);
    }
}

contract ListTest is SaleFixture {
    function test_refuses_unsettled() public {
        buy(alice, SOFT);
        bytes19 history = sale.history();
        close();
        expectPhase(Phase.Closed, Phase.Succeeded);
        sale.list(history);
    }

    function test_R5_refuses_within_the_delay_and_passes_at_its_end() public {
        buy(alice, SOFT);
        settle();
        bytes19 history = sale.history();
        vm.warp(CLOSES + DELAY - 1);
        vm.expectRevert(
            abi.encodeWithSelector(ISale.Sale_ListingTooEarly.selector, CLOSES + DELAY - 1, CLOSES + DELAY)
        );
        sale.list(history);
        vm.warp(CLOSES + DELAY);
        sale.list(history);
        assertPhase(Phase.Listed);
    }

    function test_T42_refuses_at_the_deadline_and_passes_one_second_before() public {
        buy(alice, SOFT);
        settle();
        bytes19 history = sale.history();
        vm.warp(DEADLINE);
        expectPhase(Phase.Failed, Phase.Succeeded);
        sale.list(history);
        vm.warp(DEADLINE - 1);
        sale.list(history);
        vm.warp(DEADLINE);
        assertPhase(Phase.Listed);
    }

    function test_T108_refuses_another_history() public {
        buy(alice, SOFT);
        settle();
        vm.warp(CLOSES + DELAY);
        bytes19 history = sale.history();
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_HistoryMismatch.selector, bytes19(0), history));
        sale.list(bytes19(0));
    }

    function test_refuses_twice() public {
        buy(alice, SOFT);
        list();
        bytes19 history = sale.history();
        expectPhase(Phase.Listed, Phase.Succeeded);
        sale.list(history);
    }

    function test_refuses_a_venue_that_misreports() public {
        buy(alice, SOFT);
        settle();
        vm.warp(CLOSES + DELAY);
        bytes19 history = sale.history();
        venue.setUnreported(1);
        vm.expectPartialRevert(ISale.Sale_VenueMisreported.selector);
        sale.list(history);
        venue.setUnreported(0);
        venue.setInvented(1);
        vm.expectPartialRevert(ISale.Sale_VenueMisreported.selector);
        sale.list(history);
    }

    function testFuzz_T51_books_close_for_any_raise(uint256 amount, uint256 unused) public {
        uint256 raised = buy(alice, bound(amount, SOFT, HARD));
        venue.setUnusedCurrency(bound(unused, 0, 3));
        list();

        uint256 fee = raised / 50;
        uint256 pool = ((raised - fee) * 4) / 10;
        pool -= pool % 3;
        (uint256 feeCredit, uint256 treasury, , uint256 unsold) = sale.credits();
        assertEq(feeCredit, fee, "fee");
        assertEq(treasury, raised - fee - pool + venue.unusedCurrency(), "treasury");
        assertEq(token.balanceOf(address(venue)), (pool / 3) * 4e13, "pool tokens at the listing price");
        assertEq(unsold, 10_000_000e18 - (pool / 3) * 4e13 - (raised / 3) * 5e13, "unsold");
        assertEq(token.allowance(address(sale), address(venue)), 0, "token allowance");
        assertEq(usdc.allowance(address(sale), address(venue)), 0, "currency allowance");

        vm.warp(block.timestamp + 100 days);
        sale.releaseFee();
        sale.releaseTreasury();
        sale.releaseUnsold();
        sale.claim(alice);
        assertEq(usdc.balanceOf(address(sale)), 0, "money left");
        assertEq(token.balanceOf(address(sale)), 0, "tokens left");
    }

    function test_R2_blocklisted_payees_cannot_veto() public {
        buy(alice, SOFT);
        usdc.setBlocklisted(TREASURY, true);
        usdc.setBlocklisted(FEE_RECIPIENT, true);
        list();
        sale.claim(alice);
        vm.expectRevert();
        sale.releaseFee();
        usdc.setBlocklisted(FEE_RECIPIENT, false);
        sale.releaseFee();
        assertEq(usdc.balanceOf(FEE_RECIPIENT), SOFT / 50, "fee waits");
    }

    function test_T30_a_gift_beyond_128_bits_takes_nothing_from_the_treasury() public {
        buy(alice, SOFT);
        usdc.mint(address(venue), 1 << 128);
        venue.setFound(1 << 128);
        list();
        (, uint256 treasury, , ) = sale.credits();
        assertEq(treasury, type(uint128).max, "as much as fits");
    }

    function test_lists_without_a_pool_where_the_terms_want_none() public {
        terms.listing.liquidityBps = 0;
        terms.listing.venue = address(0);
        deploy();
        buy(alice, SOFT);
        list();
        (uint256 fee, uint256 treasury, , uint256 unsold) = sale.credits();
        assertEq(fee + treasury, SOFT, "money");
        assertEq(unsold, 10_000_000e18 - (SOFT / 3) * 5e13, "unsold");
    }
}

contract ReleaseTest is SaleFixture {
    function test_refuses_every_release_before_listing() public {
        buy(alice, SOFT);
        settle();
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingToRelease.selector));
        sale.releaseFee();
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingToRelease.selector));
        sale.releaseTreasury();
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingToRelease.selector));
        sale.releaseUnsold();
    }

    function test_T51_refuses_each_release_twice() public {
        buy(alice, SOFT);
        list();
        vm.warp(block.timestamp + 100 days);
        sale.releaseFee();
        sale.releaseTreasury();
        sale.releaseUnsold();
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingToRelease.selector));
        sale.releaseFee();
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingToRelease.selector));
        sale.releaseTreasury();
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingToRelease.selector));
        sale.releaseUnsold();
        assertEq(token.balanceOf(address(sale)), (SOFT / 3) * 5e13, "the buyers' tokens stay");
    }

    function testFuzz_treasury_streams(uint256 a, uint256 b) public {
        buy(alice, SOFT);
        list();
        (, uint256 treasury, , ) = sale.credits();
        a = bound(a, 1, 100 days);
        b = bound(b, a, 200 days);
        vm.warp(CLOSES + DELAY + a);
        assertEq(sale.releaseTreasury(), (treasury * a) / 100 days, "first");
        vm.warp(CLOSES + DELAY + b);
        uint256 all = b >= 100 days ? treasury : (treasury * b) / 100 days;
        if (all != (treasury * a) / 100 days) sale.releaseTreasury();
        assertEq(usdc.balanceOf(TREASURY), all, "by the closed form");
    }

    function test_unsold_goes_to_the_treasury_where_not_burned() public {
        terms.payout.burnUnsold = false;
        deploy();
        buy(alice, SOFT);
        list();
        uint256 unsold = sale.releaseUnsold();
        assertEq(token.balanceOf(TREASURY), unsold, "unsold");
    }
}

contract PhaseTest is SaleFixture {
    function test_T42_every_edge() public {
        vm.warp(OPENS - 1);
        assertPhase(Phase.Pending);
        vm.warp(OPENS);
        assertPhase(Phase.Open);
        buy(alice, SOFT);
        vm.warp(OPENS + 1);
        assertPhase(Phase.Open);
        vm.warp(CLOSES - 1);
        assertPhase(Phase.Open);
        vm.warp(CLOSES);
        assertPhase(Phase.Closed);
        vm.warp(CLOSES + 1);
        assertPhase(Phase.Closed);
        vm.warp(DEADLINE - 1);
        assertPhase(Phase.Closed);
        vm.warp(DEADLINE);
        assertPhase(Phase.Failed);
        vm.warp(DEADLINE + 1);
        assertPhase(Phase.Failed);
    }
}
