// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISale, Phase} from "../../contracts/interfaces/ISale.sol";
import {SaleFixture} from "./support/SaleFixture.sol";

contract WithdrawTest is SaleFixture {
    function test_leaves_nothing_claimed() public {
        buy(alice, MINIMUM);
        vm.prank(alice);
        sale.withdraw();
        (uint256 paid, uint256 claimed, uint256 nonce, ) = sale.positionOf(alice);
        assertEq(paid, 0, "paid");
        assertEq(claimed, 0, "claimed");
        assertEq(nonce, 2, "nonce");
    }

    function test_refuses_who_paid_nothing() public {
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingPaid.selector, alice));
        vm.prank(alice);
        sale.withdraw();
    }

    function test_Threat42_refuses_at_the_end_of_cooling_off_and_passes_one_second_before() public {
        buy(alice, MINIMUM);
        vm.warp(OPENS + COOLING + 1);
        vm.expectRevert(
            abi.encodeWithSelector(ISale.Sale_CoolingOffOver.selector, OPENS + COOLING + 1, OPENS + COOLING)
        );
        vm.prank(alice);
        sale.withdraw();
        vm.warp(OPENS + COOLING);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_CoolingOffOver.selector, OPENS + COOLING, OPENS + COOLING));
        vm.prank(alice);
        sale.withdraw();

        vm.warp(OPENS + COOLING - 1);
        vm.prank(alice);
        assertEq(sale.withdraw(), MINIMUM, "amount");
    }

    function test_Threat42_refuses_at_closesAt() public {
        vm.warp(CLOSES - 1);
        buy(alice, SOFT);
        vm.warp(CLOSES);
        expectPhase(Phase.Closed, Phase.Open);
        vm.prank(alice);
        sale.withdraw();
    }

    function test_refuses_where_the_terms_have_no_cooling_off() public {
        terms.sale.coolingOff = 0;
        deploy();
        buy(alice, MINIMUM);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_CoolingOffOver.selector, OPENS, OPENS));
        vm.prank(alice);
        sale.withdraw();
    }

    function test_refuses_once_failed_where_refund_is_the_way() public {
        buy(alice, MINIMUM);
        fail();
        expectPhase(Phase.Failed, Phase.Open);
        vm.prank(alice);
        sale.withdraw();
    }

    function test_counts_from_the_last_purchase() public {
        buy(alice, MINIMUM);
        vm.warp(OPENS + 10 days);
        buy(alice, MINIMUM);
        vm.warp(OPENS + 10 days + COOLING - 1);
        vm.prank(alice);
        assertEq(sale.withdraw(), 2 * MINIMUM, "all of it");
    }

    function test_returns_all_and_moves_nonce_totals_and_history() public {
        buy(BOB, SOFT);
        buy(alice, MINIMUM);
        bytes19 before = sale.history();
        vm.prank(alice);
        sale.withdraw();

        assertEq(usdc.balanceOf(alice), MINIMUM, "money");
        assertEq(paidOf(alice), 0, "paid");
        assertEq(nonceOf(alice), 2, "nonce");
        assertEq(sale.raised(), SOFT, "raised");
        assertEq(
            bytes32(sale.history()),
            bytes32(bytes19(keccak256(abi.encode(before, uint8(1), alice, uint256(1), MINIMUM, bytes32(0))))),
            "history"
        );
        assertEq(buyAgain(alice, MINIMUM), MINIMUM, "buys again");
    }

    function test_pause_keeps_nobody_in() public {
        buy(alice, MINIMUM);
        vm.prank(GUARDIAN);
        sale.pause(72 hours);
        vm.prank(alice);
        sale.withdraw();
        assertEq(usdc.balanceOf(alice), MINIMUM, "money");
    }

    function test_a_nonce_at_its_maximum_can_still_leave() public {
        buy(alice, MINIMUM);
        vm.prank(COMPLIANCE);
        sale.invalidate(alice, type(uint32).max);
        vm.prank(alice);
        sale.withdraw();
        assertEq(usdc.balanceOf(alice), MINIMUM, "money");
        assertEq(nonceOf(alice), type(uint32).max, "nonce");
    }
}

contract RefundTest is SaleFixture {
    function test_refuses_before_failure_and_after_listing() public {
        buy(alice, SOFT);
        expectPhase(Phase.Open, Phase.Failed);
        sale.refund(alice);
        close();
        expectPhase(Phase.Closed, Phase.Failed);
        sale.refund(alice);
        sale.finalise();
        expectPhase(Phase.Succeeded, Phase.Failed);
        sale.refund(alice);
        vm.warp(CLOSES + DELAY);
        sale.list(sale.history());
        expectPhase(Phase.Listed, Phase.Failed);
        sale.refund(alice);
    }

    function test_refuses_who_paid_nothing() public {
        fail();
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingPaid.selector, BOB));
        sale.refund(BOB);
    }

    function test_Threat50_refuses_twice() public {
        buy(alice, MINIMUM);
        fail();
        sale.refund(alice);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingPaid.selector, alice));
        sale.refund(alice);
    }

    function test_Threat50_refuses_claim_where_refunds_are_open() public {
        buy(alice, MINIMUM);
        fail();
        expectPhase(Phase.Failed, Phase.Listed);
        sale.claim(alice);
    }

    function test_T47_closed_below_the_soft_cap_refunds_without_anybody() public {
        buy(alice, SOFT - 3);
        close();
        assertPhase(Phase.Failed);
        vm.prank(STRANGER);
        assertEq(sale.refund(alice), SOFT - 3, "amount");
        assertEq(usdc.balanceOf(alice), SOFT - 3, "to the buyer");
        (uint256 paid, uint256 claimed, uint256 nonce, uint256 paidAt) = sale.positionOf(alice);
        assertEq(paid, 0, "paid");
        assertEq(claimed, 0, "claimed");
        assertEq(nonce, 1, "nonce stays");
        assertEq(paidAt, OPENS, "paidAt stays");
    }

    function test_T47_unlisted_at_the_deadline_refunds() public {
        buy(alice, SOFT);
        settle();
        vm.warp(DEADLINE - 1);
        assertPhase(Phase.Succeeded);
        vm.warp(DEADLINE);
        assertPhase(Phase.Failed);
        sale.refund(alice);
        assertEq(usdc.balanceOf(address(sale)), 0, "empty");
    }

    function test_Threat52_one_blocklisted_buyer_holds_up_nobody_else() public {
        buy(alice, MINIMUM);
        buy(BOB, MINIMUM);
        fail();
        usdc.setBlocklisted(alice, true);
        vm.expectRevert();
        sale.refund(alice);
        sale.refund(BOB);
        usdc.setBlocklisted(alice, false);
        sale.refund(alice);
        assertEq(usdc.balanceOf(alice), MINIMUM, "kept for her");
    }

    function testFuzz_Threat45_every_order_of_exits_empties_the_sale(uint256 a, uint256 b, uint256 seed) public {
        a = buy(alice, bound(a, MINIMUM / 3, SOFT / 3) * 3);
        b = buy(BOB, bound(b, MINIMUM / 3, SOFT / 3) * 3);
        if (seed & 1 == 0) {
            vm.prank(COMPLIANCE);
            sale.eject(alice);
        }
        fail();
        if (seed & 2 == 0) sale.refund(BOB);
        if (seed & 1 == 0) sale.releaseEjected(alice);
        else sale.refund(alice);
        if (seed & 2 != 0) sale.refund(BOB);
        sale.releaseUnsold();

        assertEq(usdc.balanceOf(alice), a, "alice");
        assertEq(usdc.balanceOf(BOB), b, "bob");
        assertEq(usdc.balanceOf(address(sale)), 0, "money left");
        assertEq(token.balanceOf(address(sale)), 0, "tokens left");
        assertEq(token.totalSupply(), 0, "burned");
    }
}

contract ClaimTest is SaleFixture {
    uint256 internal constant LISTED = CLOSES + DELAY;

    function test_leaves_the_rest_of_the_position() public {
        vm.warp(OPENS + 7);
        buy(alice, SOFT);
        list();
        sale.claim(alice);
        (uint256 paid, , uint256 nonce, uint256 paidAt) = sale.positionOf(alice);
        assertEq(paid, SOFT, "paid");
        assertEq(nonce, 1, "nonce");
        assertEq(paidAt, OPENS + 7, "paidAt");
    }

    function test_refuses_before_listing() public {
        buy(alice, SOFT);
        expectPhase(Phase.Open, Phase.Listed);
        sale.claim(alice);
        settle();
        expectPhase(Phase.Succeeded, Phase.Listed);
        sale.claim(alice);
    }

    function test_refuses_unlisted_at_the_deadline() public {
        buy(alice, SOFT);
        settle();
        vm.warp(DEADLINE);
        expectPhase(Phase.Failed, Phase.Listed);
        sale.claim(alice);
    }

    function test_refuses_where_nothing_vested_since() public {
        buy(alice, SOFT);
        list();
        sale.claim(alice);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingToRelease.selector));
        sale.claim(alice);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingToRelease.selector));
        sale.claim(BOB);
    }

    function test_pays_the_buyer_whoever_calls_and_all_at_the_end() public {
        buy(alice, SOFT);
        list();
        uint256 all = (SOFT / 3) * 5e13;
        vm.prank(STRANGER);
        assertEq(sale.claim(alice), all / 4, "initial quarter");
        vm.warp(LISTED + 10 days - 1);
        assertEq(sale.claimable(alice), 0, "before the cliff");
        vm.warp(LISTED + 10 days);
        assertEq(sale.claimable(alice), (all * 3) / 40, "at the cliff");
        sale.claim(alice);
        vm.warp(LISTED + 100 days);
        sale.claim(alice);
        assertEq(token.balanceOf(alice), all, "all");
    }

    function test_vests_in_steps_where_the_terms_have_them() public {
        terms.vesting.buyers.steps = 4;
        deploy();
        buy(alice, SOFT);
        list();
        uint256 all = (SOFT / 3) * 5e13;
        vm.warp(LISTED + 50 days - 1);
        assertEq(sale.claimable(alice), all / 4 + (all * 3) / 16, "a quarter and one step of four");
        vm.warp(LISTED + 50 days);
        assertEq(sale.claimable(alice), all / 4 + (all * 3) / 8, "two steps");
    }

    function test_shows_nothing_claimable_before_listing() public {
        buy(alice, SOFT);
        settle();
        assertEq(sale.claimable(alice), 0, "claimable");
    }

    function testFuzz_T75_claims_are_monotone_and_end_at_the_whole(uint256 amount, uint256 a, uint256 b) public {
        amount = buy(alice, bound(amount, SOFT, HARD));
        list();
        a = bound(a, 0, 120 days);
        b = bound(b, a, 121 days);
        vm.warp(LISTED + a);
        uint256 early = sale.claimable(alice);
        vm.warp(LISTED + b);
        uint256 late = sale.claimable(alice);
        require(late >= early && late <= (amount / 3) * 5e13, "monotone");

        vm.warp(LISTED + a);
        if (early != 0) sale.claim(alice);
        vm.warp(LISTED + b);
        assertEq(sale.claimable(alice), late - early, "claiming early changes nothing");
        vm.warp(LISTED + 100 days);
        if (sale.claimable(alice) != 0) sale.claim(alice);
        assertEq(token.balanceOf(alice), (amount / 3) * 5e13, "whole");
    }
}
