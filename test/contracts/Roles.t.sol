// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ISale, Phase, Voucher} from "../../contracts/interfaces/ISale.sol";
import {SaleFixture} from "./support/SaleFixture.sol";

contract EjectTest is SaleFixture {
    function test_refuses_others_than_compliance() public {
        buy(alice, MINIMUM);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NotAuthorised.selector, OWNER, COMPLIANCE));
        vm.prank(OWNER);
        sale.eject(alice);
    }

    function test_refuses_where_terms_do_not_allow_it() public {
        terms.sale.ejectable = false;
        deploy();
        buy(alice, MINIMUM);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NotEjectable.selector));
        vm.prank(COMPLIANCE);
        sale.eject(alice);
    }

    function test_refuses_who_paid_nothing() public {
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingPaid.selector, alice));
        vm.prank(COMPLIANCE);
        sale.eject(alice);
    }

    function test_returns_money_at_once_and_to_that_buyer_only() public {
        buy(BOB, SOFT);
        buy(alice, MINIMUM);
        bytes19 before = sale.history();
        vm.prank(COMPLIANCE);
        sale.eject(alice);
        assertEq(sale.ejectedOf(alice), MINIMUM, "ejected");
        assertEq(sale.raised(), SOFT, "raised");
        assertEq(
            bytes32(sale.history()),
            bytes32(bytes19(keccak256(abi.encode(before, uint8(3), alice, uint256(1), MINIMUM, bytes32(0))))),
            "history"
        );

        vm.prank(STRANGER);
        sale.releaseEjected(alice);
        assertEq(usdc.balanceOf(alice), MINIMUM, "money");
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NothingPaid.selector, alice));
        sale.releaseEjected(alice);
    }

    function test_Threat45_ejected_money_is_kept_apart_from_a_listing() public {
        buy(BOB, SOFT);
        buy(alice, MINIMUM);
        close();
        vm.prank(COMPLIANCE);
        sale.eject(alice);
        sale.finalise();
        vm.warp(CLOSES + DELAY);
        sale.list(sale.history());
        vm.warp(CLOSES + DELAY + 100 days);
        sale.releaseFee();
        sale.releaseTreasury();
        sale.releaseEjected(alice);
        assertEq(usdc.balanceOf(alice), MINIMUM, "money");
        assertEq(usdc.balanceOf(address(sale)), 0, "nothing left");
    }
}

contract InvalidateTest is SaleFixture {
    function test_refuses_others_than_compliance() public {
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NotAuthorised.selector, alice, COMPLIANCE));
        vm.prank(alice);
        sale.invalidate(alice, 1);
    }

    function test_refuses_a_nonce_that_is_not_higher_or_too_high() public {
        buy(alice, MINIMUM);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NonceUsed.selector, 1, 2));
        vm.prank(COMPLIANCE);
        sale.invalidate(alice, 1);
        vm.expectRevert(
            abi.encodeWithSelector(ISale.Sale_NonceAhead.selector, uint256(type(uint32).max) + 1, type(uint32).max)
        );
        vm.prank(COMPLIANCE);
        sale.invalidate(alice, uint256(type(uint32).max) + 1);
    }

    function test_R9_voids_vouchers_signed_ahead() public {
        Voucher memory ahead = voucherFor(alice, HARD);
        ahead.nonce = 4;
        bytes memory signature = signed(alice, ahead);
        bytes19 before = sale.history();
        vm.prank(COMPLIANCE);
        sale.invalidate(alice, 5);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NonceUsed.selector, 4, 5));
        sale.previewPurchase(alice, MINIMUM, 0, ahead, signature);
        assertEq(
            bytes32(sale.history()),
            bytes32(bytes19(keccak256(abi.encode(before, uint8(2), alice, uint256(5), uint256(0), bytes32(0))))),
            "history"
        );
        assertEq(buy(alice, MINIMUM), MINIMUM, "the next voucher passes");
    }
}

contract PauseTest is SaleFixture {
    function test_refuses_others_a_second_time_too_long_and_after_closing() public {
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NotAuthorised.selector, OWNER, GUARDIAN));
        vm.prank(OWNER);
        sale.pause(1);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_PauseTooLong.selector, 72 hours + 1, 72 hours));
        vm.prank(GUARDIAN);
        sale.pause(72 hours + 1);
        vm.prank(GUARDIAN);
        sale.pause(1 hours);
        assertEq(sale.pausedUntil(), OPENS + 1 hours, "pausedUntil");
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_PauseSpent.selector, OPENS + 1 hours));
        vm.prank(GUARDIAN);
        sale.pause(1);
        close();
        expectPhase(Phase.Failed, Phase.Open);
        vm.prank(GUARDIAN);
        sale.pause(1);
    }

    function test_T69_stops_purchases_only_and_ends_by_itself() public {
        buy(alice, MINIMUM);
        vm.prank(GUARDIAN);
        sale.pause(1 hours);
        vm.warp(OPENS + 1 hours - 1);
        Voucher memory voucher = voucherFor(BOB, HARD);
        bytes memory signature = signed(BOB, voucher);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_Paused.selector, OPENS + 1 hours));
        sale.previewPurchase(BOB, MINIMUM, 0, voucher, signature);
        vm.prank(alice);
        sale.withdraw();
        vm.warp(OPENS + 1 hours);
        assertEq(buy(BOB, SOFT), SOFT, "passes again");
        list();
    }
}

contract DeclareFailedTest is SaleFixture {
    function test_refuses_others() public {
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NotAuthorised.selector, OWNER, GUARDIAN));
        vm.prank(OWNER);
        sale.declareFailed();
    }

    function test_ThreatR5_refuses_once_listing_is_open_and_passes_one_second_before() public {
        buy(alice, SOFT);
        settle();
        vm.warp(CLOSES + DELAY + 1);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_FailureTooLate.selector, CLOSES + DELAY + 1, CLOSES + DELAY));
        vm.prank(GUARDIAN);
        sale.declareFailed();
        vm.warp(CLOSES + DELAY);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_FailureTooLate.selector, CLOSES + DELAY, CLOSES + DELAY));
        vm.prank(GUARDIAN);
        sale.declareFailed();
        vm.warp(CLOSES + DELAY - 1);
        fail();
        sale.refund(alice);
    }

    function test_refuses_when_listed_or_failed() public {
        buy(alice, SOFT);
        list();
        expectPhase(Phase.Listed, Phase.Succeeded);
        vm.prank(GUARDIAN);
        sale.declareFailed();

        vm.warp(OPENS);
        deploy();
        fail();
        expectPhase(Phase.Failed, Phase.Succeeded);
        vm.prank(GUARDIAN);
        sale.declareFailed();
    }

    function test_T46_fails_from_every_phase_before() public {
        vm.warp(OPENS - 1);
        fail();
        assertPhase(Phase.Failed);
        vm.warp(OPENS);
        deploy();
        buy(alice, SOFT);
        vm.prank(GUARDIAN);
        sale.pause(1 hours);
        fail();
        sale.refund(alice);
        deploy();
        buy(alice, SOFT);
        close();
        fail();
        sale.refund(alice);
        assertEq(usdc.balanceOf(alice), 2 * SOFT, "all back");
    }
}

contract SignersTest is SaleFixture {
    function test_refuses_others_than_the_owner() public {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, COMPLIANCE));
        vm.prank(COMPLIANCE);
        sale.addSigner(BOB, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, COMPLIANCE));
        vm.prank(COMPLIANCE);
        sale.strikeOffSigner(signer);
    }

    function test_T4_refuses_zero_and_bounds_that_do_not_fit() public {
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_SignerUnknown.selector, address(0)));
        vm.prank(OWNER);
        sale.addSigner(address(0), 1, 1);
        vm.expectPartialRevert(ISale.Sale_SignerCapExceeded.selector);
        vm.prank(OWNER);
        sale.addSigner(BOB, 1 << 96, 1);
        vm.expectPartialRevert(ISale.Sale_SignerWindowExceeded.selector);
        vm.prank(OWNER);
        sale.addSigner(BOB, 1, 1 << 64);
        vm.prank(OWNER);
        sale.addSigner(BOB, type(uint96).max, type(uint64).max);
        (, uint256 cap, uint256 window) = sale.signerOf(BOB);
        assertEq(cap, type(uint96).max, "cap");
        assertEq(window, type(uint64).max, "window");
    }

    function test_R4_a_signer_struck_off_never_returns() public {
        vm.prank(OWNER);
        sale.strikeOffSigner(signer);
        (uint8 status, uint256 cap, uint256 window) = sale.signerOf(signer);
        assertEq(status, 2, "status");
        assertEq(cap, HARD, "cap stays");
        assertEq(window, 1 days, "window stays");
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_SignerKnown.selector, signer));
        vm.prank(OWNER);
        sale.addSigner(signer, HARD, 1 days);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_SignerUnknown.selector, signer));
        vm.prank(OWNER);
        sale.strikeOffSigner(signer);
    }

    function test_admits_another_with_its_own_bounds() public {
        address second = vm.addr(0x52);
        vm.prank(OWNER);
        sale.addSigner(second, MINIMUM, 1 hours);
        (uint8 status, uint256 cap, uint256 window) = sale.signerOf(second);
        assertEq(status, 1, "status");
        assertEq(cap, MINIMUM, "cap");
        assertEq(window, 1 hours, "window");
        Voucher memory voucher = voucherFor(alice, MINIMUM);
        assertEq(sale.previewPurchase(alice, MINIMUM, 0, voucher, signedBy(0x52, alice, voucher)), MINIMUM, "accepted");
    }
}
