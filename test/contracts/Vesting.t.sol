// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Phase} from "../../contracts/interfaces/ISale.sol";
import {IVesting} from "../../contracts/interfaces/IVesting.sol";
import {Schedule} from "../../contracts/interfaces/Terms.sol";
import {HostileToken} from "../../contracts/mocks/HostileToken.sol";
import {SaleFixture} from "./support/SaleFixture.sol";

contract VestingTest is SaleFixture {
    uint256 internal constant LISTED = CLOSES + DELAY;
    uint256 internal constant AMOUNT = 1_000_000e18;
    address internal constant TEAM = address(0x7ea);

    uint64 public listedAt;
    Phase public phase;
    bytes32[] private _noProof;

    function setUp() public override {
        super.setUp();
        _grant(_allocation(), AMOUNT);
    }

    function _allocation() private pure returns (IVesting.Allocation memory) {
        return IVesting.Allocation(0, TEAM, AMOUNT, Schedule(1000, 30 days, 300 days, 10), TREASURY);
    }

    function _leaf(IVesting.Allocation memory allocation) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(allocation))));
    }

    function _grant(IVesting.Allocation memory allocation, uint256 total) private {
        terms.vesting.allocationsRoot = _leaf(allocation);
        terms.vesting.allocationsTotal = total;
        vm.warp(OPENS);
        deploy();
        buy(alice, SOFT);
    }

    function test_T98_nothing_leaves_before_listing() public {
        settle();
        vm.warp(DEADLINE - 1);
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_NothingToClaim.selector, 0));
        vesting.claimFor(address(sale), _allocation(), _noProof);
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_SaleNotListed.selector, address(sale)));
        vm.prank(TREASURY);
        vesting.revoke(address(sale), _allocation(), _noProof);
    }

    function test_T78_refuses_what_the_root_does_not_hold() public {
        list();
        IVesting.Allocation memory allocation = _allocation();
        allocation.amount += 1;
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_ProofInvalid.selector, 0));
        vesting.claimFor(address(sale), allocation, _noProof);
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_Unknown.selector, STRANGER));
        vesting.claimFor(STRANGER, _allocation(), _noProof);
    }

    /// @dev A root can promise any amount: all at once needs no multiplication, which would overflow.
    function test_all_at_once_of_any_amount() public view {
        IVesting.Allocation memory allocation = _allocation();
        allocation.amount = type(uint256).max;
        allocation.schedule.initialBps = 10_000;
        assertEq(vesting.vestedAt(allocation, LISTED, LISTED), type(uint256).max, "whole");
    }

    function test_steps_after_the_cliff_and_pays_the_beneficiary_only() public {
        list();
        vm.prank(STRANGER);
        assertEq(vesting.claimFor(address(sale), _allocation(), _noProof), AMOUNT / 10, "initial");
        vm.warp(LISTED + 30 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_NothingToClaim.selector, 0));
        vesting.claimFor(address(sale), _allocation(), _noProof);
        vm.warp(LISTED + 59 days);
        assertEq(vesting.claimFor(address(sale), _allocation(), _noProof), (AMOUNT * 9) / 100, "one step");
        vm.warp(LISTED + 300 days);
        vesting.claimFor(address(sale), _allocation(), _noProof);
        assertEq(token.balanceOf(TEAM), AMOUNT, "all");
    }

    function test_curve_is_the_whole_schedule() public view {
        (uint256[] memory times, uint256[] memory vested) = vesting.curveOf(_allocation(), LISTED, 4);
        uint256[5] memory percent = [uint256(10), 28, 55, 73, 100];
        assertEq(times.length + vested.length, 10, "both ends");
        for (uint256 i = 0; i < 5; ++i) {
            assertEq(times[i], LISTED + i * 75 days, "evenly");
            assertEq(vested[i], percent[i] * 10_000e18, "as the schedule says");
        }
    }

    function test_curve_rounds_its_seconds_down() public view {
        IVesting.Allocation memory allocation = _allocation();
        allocation.schedule = Schedule(0, 0, 11, 0);
        (uint256[] memory times, ) = vesting.curveOf(allocation, LISTED, 3);
        assertEq(times[1], LISTED + 3, "11/3");
        assertEq(times[2], LISTED + 7, "22/3");
        assertEq(times[3], LISTED + 11, "the end");
    }

    function test_curve_of_no_interval_divides_by_zero() public {
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x12));
        vesting.curveOf(_allocation(), LISTED, 0);
    }

    function testFuzz_T75_monotone_and_at_most_the_amount(uint256 a, uint256 b, uint16 bps, uint32 steps) public view {
        IVesting.Allocation memory allocation = _allocation();
        allocation.schedule.initialBps = bps;
        allocation.schedule.steps = steps;
        a = bound(a, 0, 400 days);
        b = bound(b, a, 401 days);
        uint256 early = vesting.vestedAt(allocation, LISTED, LISTED + a);
        uint256 late = vesting.vestedAt(allocation, LISTED, LISTED + b);
        require(early <= late && late <= AMOUNT, "monotone, bounded");
        assertEq(vesting.vestedAt(allocation, LISTED, LISTED + 300 days), AMOUNT, "whole at the end");
        assertEq(vesting.vestedAt(allocation, LISTED, LISTED - 1), 0, "nothing before listing");
    }

    function testFuzz_Threat74_claim_and_revoke_commute(uint256 after_) public {
        list();
        vm.warp(LISTED + bound(after_, 0, 299 days));
        uint256 vested = vesting.vestedAt(_allocation(), LISTED, block.timestamp);
        if (after_ & 1 == 0) vesting.claimFor(address(sale), _allocation(), _noProof);
        vm.prank(TREASURY);
        assertEq(vesting.revoke(address(sale), _allocation(), _noProof), AMOUNT - vested, "rest");
        vm.warp(LISTED + 400 days);
        if (after_ & 1 == 1) vesting.claimFor(address(sale), _allocation(), _noProof);
        assertEq(token.balanceOf(TEAM), vested, "what had vested");
        assertEq(token.balanceOf(address(vesting)), 0, "left");
    }

    function test_Threat74_refuses_others_and_a_second_time() public {
        list();
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_NotRevoker.selector, OWNER, TREASURY));
        vm.prank(OWNER);
        vesting.revoke(address(sale), _allocation(), _noProof);
        vm.prank(TREASURY);
        vesting.revoke(address(sale), _allocation(), _noProof);
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_AlreadyRevoked.selector, 0));
        vm.prank(TREASURY);
        vesting.revoke(address(sale), _allocation(), _noProof);
    }

    function test_Threat74_a_second_leaf_under_one_index_decides_nothing_over_the_first() public {
        IVesting.Allocation memory good = _allocation();
        good.revoker = address(0);
        IVesting.Allocation memory evil = _allocation();
        (evil.beneficiary, evil.amount) = (STRANGER, 1e18);
        (bytes32[] memory ofGood, bytes32[] memory ofEvil) = (new bytes32[](1), new bytes32[](1));
        (ofGood[0], ofEvil[0]) = (_leaf(evil), _leaf(good));
        terms.vesting.allocationsRoot = keccak256(
            ofGood[0] < ofEvil[0] ? bytes.concat(ofGood[0], ofEvil[0]) : bytes.concat(ofEvil[0], ofGood[0])
        );
        terms.vesting.allocationsTotal = AMOUNT + 1e18;
        deploy();
        buy(alice, SOFT);

        vm.prank(STRANGER);
        vesting.changeBeneficiary(address(sale), evil, ofEvil, BOB);
        list();
        vm.prank(TREASURY);
        vesting.revoke(address(sale), evil, ofEvil);
        vm.warp(LISTED + 300 days);
        vesting.claimFor(address(sale), good, ofGood);
        assertEq(token.balanceOf(TEAM), AMOUNT, "the irrevocable one, whole");
    }

    function test_the_beneficiary_hands_on() public {
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_NotBeneficiary.selector, BOB, TEAM));
        vm.prank(BOB);
        vesting.changeBeneficiary(address(sale), _allocation(), _noProof, BOB);
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_BeneficiaryZero.selector));
        vm.prank(TEAM);
        vesting.changeBeneficiary(address(sale), _allocation(), _noProof, address(0));
        vm.prank(TEAM);
        vesting.changeBeneficiary(address(sale), _allocation(), _noProof, BOB);
        list();
        vesting.claimFor(address(sale), _allocation(), _noProof);
        assertEq(token.balanceOf(BOB), AMOUNT / 10, "paid");
    }

    function test_Threat45_a_failed_sale_takes_everything_back_and_burns_it() public {
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_SaleNotFailed.selector, address(sale)));
        vesting.returnToSale(address(sale));
        fail();
        vesting.returnToSale(address(sale));
        sale.releaseUnsold();
        assertEq(token.totalSupply(), 0, "burned");
    }

    function test_Threat45_what_is_unsold_leaves_the_escrow_out() public {
        list();
        uint256 pool = ((SOFT - SOFT / 50) * 4) / 10;
        (, , , uint256 unsold) = sale.credits();
        assertEq(unsold, 10_000_000e18 - AMOUNT - (pool / 3) * 4e13 - (SOFT / 3) * 5e13, "unsold");
        sale.releaseUnsold();
        assertEq(token.balanceOf(address(sale)), (SOFT / 3) * 5e13, "the buyers'");
        assertEq(token.balanceOf(address(vesting)), AMOUNT, "the team's");
    }

    function test_Threat45_a_failed_sale_takes_an_escrow_of_one_unit_back() public {
        _grant(_allocation(), 1);
        fail();
        assertEq(sale.releaseUnsold(), 10_000_000e18, "everything");
    }

    function test_Threat45_a_failed_sale_takes_its_allocations_back_by_itself() public {
        fail();
        assertEq(sale.releaseUnsold(), 10_000_000e18, "everything");
        assertEq(token.totalSupply(), 0, "burned");
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_Unknown.selector, STRANGER));
        vesting.returnToSale(STRANGER);
    }

    function test_shows_what_was_claimed_revoked_and_handed_on() public {
        vm.prank(TEAM);
        vesting.changeBeneficiary(address(sale), _allocation(), _noProof, BOB);
        list();
        vesting.claimFor(address(sale), _allocation(), _noProof);
        vm.prank(TREASURY);
        vesting.revoke(address(sale), _allocation(), _noProof);
        (uint256 claimed, uint256 revokedAt, address beneficiary) = vesting.stateOf(address(sale), _allocation());
        assertEq(claimed, AMOUNT / 10, "claimed");
        assertEq(revokedAt, LISTED, "revokedAt");
        require(beneficiary == BOB, "beneficiary");
    }

    function test_T77_a_root_that_promises_more_than_its_total_runs_dry_alone() public {
        HostileToken shared = new HostileToken();
        IVesting.Allocation memory allocation = _allocation();
        shared.mint(address(this), AMOUNT / 2);
        shared.approve(address(vesting), type(uint256).max);
        shared.mint(STRANGER, AMOUNT);
        vm.prank(STRANGER);
        shared.approve(address(vesting), type(uint256).max);
        vm.prank(STRANGER);
        vesting.register(address(shared), bytes32(uint256(1)), AMOUNT, TREASURY);

        // This contract plays a sale of its own that lies about its listing.
        vesting.register(address(shared), _leaf(allocation), AMOUNT / 2, address(this));
        listedAt = 1;
        phase = Phase.Failed;
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_TotalExceeded.selector, AMOUNT, AMOUNT / 2));
        vesting.claimFor(address(this), allocation, _noProof);
        vesting.returnToSale(address(this));
        vesting.returnToSale(address(this));
        assertEq(shared.balanceOf(address(vesting)), AMOUNT, "the stranger's");
        assertEq(shared.balanceOf(address(this)), AMOUNT / 2, "its own");
    }

    function test_T77_registering_takes_the_whole_total_once() public {
        HostileToken fee = new HostileToken();
        fee.mint(address(this), AMOUNT);
        fee.approve(address(vesting), type(uint256).max);
        fee.setFee(1);
        uint256 received = AMOUNT - AMOUNT / 10_000;
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_WrongReceived.selector, received, AMOUNT));
        vesting.register(address(fee), bytes32(uint256(1)), AMOUNT, TREASURY);
        fee.setFee(0);
        vesting.register(address(fee), bytes32(uint256(1)), AMOUNT, TREASURY);
        vm.expectRevert(abi.encodeWithSelector(IVesting.Vesting_AlreadyRegistered.selector, address(this)));
        vesting.register(address(fee), bytes32(uint256(1)), 0, TREASURY);
    }
}
