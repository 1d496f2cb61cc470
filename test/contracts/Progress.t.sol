// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISale, Phase, Stage} from "../../contracts/interfaces/ISale.sol";
import {Listing} from "../../contracts/interfaces/IVenue.sol";
import {PhaseLib} from "../../contracts/libraries/PhaseLib.sol";
import {HostileToken} from "../../contracts/mocks/HostileToken.sol";
import {MockVenue} from "../../contracts/mocks/MockVenue.sol";
import {MoodyVenue} from "../../contracts/mocks/MoodyVenue.sol";
import {SaleFixture} from "./support/SaleFixture.sol";

contract FinaliseTest is SaleFixture {
    function test_Threat42_refuses_before_closesAt_and_passes_at_it() public {
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

    function test_refuses_before_opening_and_when_declared_failed() public {
        vm.warp(OPENS - 1);
        expectPhase(Phase.Pending, Phase.Closed);
        sale.finalise();
        vm.warp(OPENS);
        buy(alice, SOFT);
        fail();
        close();
        expectPhase(Phase.Failed, Phase.Closed);
        sale.finalise();
    }

    function test_refuses_at_the_deadline_and_passes_one_second_before() public {
        buy(alice, SOFT);
        vm.warp(DEADLINE);
        expectPhase(Phase.Failed, Phase.Closed);
        sale.finalise();
        vm.warp(DEADLINE - 1);
        vm.prank(STRANGER);
        sale.finalise();
        assertPhase(Phase.Succeeded);
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

/// @notice A venue that looks at the sale from within its listing.
contract AskingVenue is MockVenue {
    Phase public seen;

    function list(Listing calldata listing) public payable override returns (bytes32, uint256, uint256, uint256) {
        seen = ISale(msg.sender).phase();
        return super.list(listing);
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

    function test_ThreatR5_refuses_within_the_delay_and_passes_at_its_end() public {
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

    function test_Threat42_refuses_at_the_deadline_and_passes_one_second_before() public {
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
        uint256 pool = ((SOFT - SOFT / 50) * 4) / 10;
        uint256 left = 10_000_000e18 - (pool / 3) * 4e13;
        venue.setUnreported(1);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_VenueMisreported.selector, left, left + 1));
        sale.list(history);
        venue.setUnreported(0);
        venue.setInvented(1);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_VenueMisreported.selector, SOFT - pool, SOFT - pool + 1));
        sale.list(history);
    }

    function testFuzz_Threat51_books_close_for_any_raise(uint256 amount, uint256 unused) public {
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

    function test_ThreatR2_blocklisted_payees_cannot_veto() public {
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

    function test_Threat30_a_gift_beyond_128_bits_takes_nothing_from_the_treasury() public {
        buy(alice, SOFT);
        usdc.mint(address(venue), 1 << 128);
        venue.setFound(1 << 128);
        list();
        (, uint256 treasury, , ) = sale.credits();
        assertEq(treasury, type(uint128).max, "as much as fits");
    }

    function test_takes_a_fixed_fee_beside_the_share() public {
        terms.payout.feeFixed = 1000 * UNIT;
        deploy();
        buy(alice, SOFT);
        list();
        (uint256 fee, , , ) = sale.credits();
        assertEq(fee, SOFT / 50 + 1000 * UNIT, "fee");
        uint256 pool = ((SOFT - fee) * 4) / 10;
        assertEq(usdc.balanceOf(address(venue)), pool - (pool % 3), "the pool is of what the fee leaves");
    }

    /// @dev Not before all is done: claims and revocations go by it.
    function test_is_not_listed_while_it_lists() public {
        AskingVenue asking = new AskingVenue();
        terms.listing.venue = address(asking);
        deploy();
        buy(alice, SOFT);
        list();
        assertEq(uint256(asking.seen()), uint256(Phase.Succeeded), "phase seen by the venue");
        assertPhase(Phase.Listed);
    }

    /// @dev What has no reentrancy guard is refused by role, phase or time: `list` goes on with totals that it read before.
    function test_Threat50_a_venue_that_holds_every_role_changes_nothing_from_within() public {
        bytes4 phase = ISale.Sale_WrongPhase.selector;
        for (uint256 bears; bears < 2; bears++) {
            _listCalledBack(bears != 0, abi.encodeCall(ISale.finalise, ()), phase);
            _listCalledBack(bears != 0, abi.encodeCall(ISale.pause, (1 hours)), phase);
            _listCalledBack(bears != 0, abi.encodeCall(ISale.eject, (alice)), phase);
            _listCalledBack(bears != 0, abi.encodeCall(ISale.invalidate, (alice, 9)), phase);
            _listCalledBack(bears != 0, abi.encodeCall(ISale.declareFailed, ()), ISale.Sale_FailureTooLate.selector);
        }
    }

    function _listCalledBack(bool bears, bytes memory call, bytes4 refusal) private {
        MoodyVenue moody = new MoodyVenue(bears);
        terms.listing.venue = address(moody);
        (terms.roles.compliance, terms.roles.guardian) = (address(moody), address(moody));
        vm.warp(OPENS);
        deploy();
        buy(alice, SOFT);
        bytes19 history = sale.history();
        MoodyVenue.Plan memory plan;
        (plan.call, plan.callsInBear) = (call, bears);
        moody.setPlan(plan);
        list();
        require(!moody.passed() && moody.answer() == refusal, "refused, and so");
        assertPhase(Phase.Listed);
        assertEq(sale.raised(), SOFT, "raised");
        require(sale.history() == history, "history");
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

    function test_Threat51_refuses_each_release_twice() public {
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

    function test_returns_tokens_after_a_failure_where_there_is_no_vesting() public {
        terms.vesting.vesting = address(0);
        deploy();
        fail();
        assertEq(sale.releaseUnsold(), 10_000_000e18, "all");
        assertEq(token.totalSupply(), 0, "burned");
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
    /// @dev One second before, at and after the edge.
    function _edge(uint256 at, Phase before, Phase from) private {
        vm.warp(at - 1);
        assertPhase(before);
        vm.warp(at);
        assertPhase(from);
        vm.warp(at + 1);
        assertPhase(from);
    }

    function test_Threat42_opensAt_of_a_new_token() public {
        _edge(OPENS, Phase.Pending, Phase.Open);
    }

    function test_Threat42_opensAt_of_an_existing_token_not_funded() public {
        terms.token.existing = address(new HostileToken());
        deploy();
        _edge(OPENS, Phase.Unfunded, Phase.Failed);
    }

    function test_Threat42_closesAt_with_the_soft_cap() public {
        buy(alice, SOFT);
        _edge(CLOSES, Phase.Open, Phase.Closed);
    }

    function test_Threat42_closesAt_below_the_soft_cap() public {
        buy(alice, SOFT - 3);
        _edge(CLOSES, Phase.Open, Phase.Failed);
    }

    function test_Threat42_deadline_not_finalised() public {
        buy(alice, SOFT);
        _edge(DEADLINE, Phase.Closed, Phase.Failed);
    }

    function test_Threat42_deadline_not_listed() public {
        buy(alice, SOFT);
        settle();
        _edge(DEADLINE, Phase.Succeeded, Phase.Failed);
    }

    function test_Threat42_deadline_means_nothing_once_listed() public {
        buy(alice, SOFT);
        list();
        _edge(DEADLINE, Phase.Listed, Phase.Listed);
    }

    /// @dev Every stage, both caps, every second around every edge: a phase comes (total), and none comes back.
    function test_Threat42_time_never_leads_back() public pure {
        uint256[3] memory edges = [OPENS, CLOSES, DEADLINE];
        for (uint256 stage; stage <= uint256(type(Stage).max); stage++) {
            for (uint256 met; met < 2; met++) {
                Phase last = Phase.Unfunded;
                for (uint256 i; i < 9; i++) {
                    uint256 time = edges[i / 3] + (i % 3) - 1;
                    Phase next = PhaseLib.phase(Stage(stage), met != 0, time, OPENS, CLOSES, DEADLINE);
                    require(next >= last, "a phase came back");
                    last = next;
                }
            }
        }
    }
}
