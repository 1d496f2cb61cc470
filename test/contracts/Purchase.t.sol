// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISale, Phase, Stage, Voucher} from "../../contracts/interfaces/ISale.sol";
import {HistoryLib} from "../../contracts/libraries/HistoryLib.sol";
import {SaleFixture} from "./support/SaleFixture.sol";

contract PurchaseTest is SaleFixture {
    function _refused(uint256 amount, uint256 leastFill, Voucher memory voucher, bytes memory error_) private {
        bytes memory signature = signed(alice, voucher);
        vm.expectRevert(error_);
        sale.previewPurchase(alice, amount, leastFill, voucher, signature);
        vm.expectRevert(error_);
        vm.prank(alice);
        sale.purchase(amount, leastFill, voucher, signature);
    }

    function test_refuses_ether_with_erc20() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        vm.deal(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_WrongValue.selector, 1, 0));
        vm.prank(alice);
        sale.purchase{value: 1}(MINIMUM, 0, voucher, signature);
    }

    function test_Threat42_refuses_one_second_before_opening() public {
        vm.warp(OPENS - 1);
        _refused(
            MINIMUM,
            0,
            voucherFor(alice, HARD),
            abi.encodeWithSelector(ISale.Sale_WrongPhase.selector, Phase.Pending, Phase.Open)
        );
    }

    function test_Threat42_refuses_at_closesAt_and_passes_one_second_before() public {
        vm.warp(CLOSES - 1);
        buy(alice, SOFT);
        vm.warp(CLOSES);
        _refused(
            MINIMUM,
            0,
            voucherFor(alice, HARD),
            abi.encodeWithSelector(ISale.Sale_WrongPhase.selector, Phase.Closed, Phase.Open)
        );
    }

    function test_Threat01_refuses_used_voucher() public {
        provide(alice, HARD);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        vm.prank(alice);
        sale.purchase(MINIMUM, 0, voucher, signature);
        _refused(MINIMUM, 0, voucher, abi.encodeWithSelector(ISale.Sale_NonceUsed.selector, 0, 1));
    }

    function test_Threat01_refuses_voucher_of_another_sale() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        terms.document.uri = "another";
        deploy();
        provide(alice, MINIMUM);
        vm.expectPartialRevert(ISale.Sale_SignerUnknown.selector);
        vm.prank(alice);
        sale.purchase(MINIMUM, 0, voucher, signature);
    }

    function test_Threat01_refuses_voucher_on_another_chain() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        provide(alice, MINIMUM);
        vm.chainId(2);
        vm.expectPartialRevert(ISale.Sale_SignerUnknown.selector);
        vm.prank(alice);
        sale.purchase(MINIMUM, 0, voucher, signature);
    }

    function test_refuses_while_paused_and_passes_at_its_end() public {
        vm.prank(GUARDIAN);
        sale.pause(1 hours);
        vm.warp(OPENS + 1 hours - 1);
        _refused(
            MINIMUM,
            0,
            voucherFor(alice, HARD),
            abi.encodeWithSelector(ISale.Sale_Paused.selector, OPENS + 1 hours)
        );
        vm.warp(OPENS + 1 hours);
        assertEq(buy(alice, MINIMUM), MINIMUM, "fill");
    }

    function test_refuses_nonce_ahead() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        voucher.nonce = 1;
        _refused(MINIMUM, 0, voucher, abi.encodeWithSelector(ISale.Sale_NonceAhead.selector, 1, 0));
    }

    function test_refuses_nonce_exhausted() public {
        vm.prank(COMPLIANCE);
        sale.invalidate(alice, type(uint32).max);
        _refused(MINIMUM, 0, voucherFor(alice, HARD), abi.encodeWithSelector(ISale.Sale_NonceExhausted.selector));
    }

    function test_refuses_before_validFrom_and_passes_at_it() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        voucher.validFrom += 1;
        _refused(MINIMUM, 0, voucher, abi.encodeWithSelector(ISale.Sale_VoucherNotYetValid.selector, OPENS, OPENS + 1));
        vm.warp(OPENS + 1);
        assertEq(sale.previewPurchase(alice, MINIMUM, 0, voucher, signed(alice, voucher)), MINIMUM, "at validFrom");
    }

    function test_T2_refuses_at_validUntil_and_passes_one_second_before() public {
        provide(alice, MINIMUM);
        Voucher memory voucher = voucherFor(alice, HARD);
        vm.warp(voucher.validUntil);
        _refused(
            MINIMUM,
            0,
            voucher,
            abi.encodeWithSelector(ISale.Sale_VoucherExpired.selector, voucher.validUntil, voucher.validUntil)
        );
        vm.warp(voucher.validUntil + 1);
        _refused(
            MINIMUM,
            0,
            voucher,
            abi.encodeWithSelector(ISale.Sale_VoucherExpired.selector, voucher.validUntil + 1, voucher.validUntil)
        );

        vm.warp(voucher.validUntil - 1);
        bytes memory signature = signed(alice, voucher);
        vm.prank(alice);
        assertEq(sale.purchase(MINIMUM, 0, voucher, signature), MINIMUM, "fill");
    }

    function test_Threat03_refuses_unsigned_and_garbage() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes[5] memory garbage = [
            bytes(""),
            new bytes(20),
            new bytes(64),
            new bytes(65),
            abi.encodePacked(address(0), new bytes(65))
        ];
        for (uint256 i; i < garbage.length; i++) {
            vm.expectRevert(abi.encodeWithSelector(ISale.Sale_SignerUnknown.selector, address(0)));
            sale.previewPurchase(alice, MINIMUM, 0, voucher, garbage[i]);
        }
    }

    function test_Threat03_refuses_address_of_the_signer_without_signature() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_SignatureInvalid.selector, signer));
        sale.previewPurchase(alice, MINIMUM, 0, voucher, abi.encodePacked(signer, new bytes(65)));
    }

    function test_T6_refuses_voucher_of_another_buyer() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        provide(BOB, MINIMUM);
        vm.expectPartialRevert(ISale.Sale_SignerUnknown.selector);
        vm.prank(BOB);
        sale.purchase(MINIMUM, 0, voucher, signature);
    }

    function test_T13_refuses_any_changed_field() public {
        Voucher memory signedOne = voucherFor(alice, 100 * UNIT);
        bytes memory signature = signed(alice, signedOne);
        for (uint256 field; field < 4; field++) {
            Voucher memory voucher = voucherFor(alice, 100 * UNIT);
            if (field == 0) voucher.cumulativeCap += 1;
            if (field == 1) voucher.validFrom -= 1;
            if (field == 2) voucher.validUntil += 1;
            if (field == 3) voucher.orderId = bytes32(uint256(voucher.orderId) + 1);
            vm.expectPartialRevert(ISale.Sale_SignerUnknown.selector);
            sale.previewPurchase(alice, MINIMUM, 0, voucher, signature);
        }
        assertEq(sale.previewPurchase(alice, MINIMUM, 0, signedOne, signature), MINIMUM, "unchanged");
    }

    function test_T5_malleable_form_recovers_nobody() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(SIGNER_KEY, sale.voucherDigest(alice, voucher));
        uint256 n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_SignerUnknown.selector, address(0)));
        sale.previewPurchase(
            alice,
            MINIMUM,
            0,
            voucher,
            abi.encodePacked(r, n - uint256(s), v == 27 ? uint8(28) : uint8(27))
        );
        assertEq(sale.previewPurchase(alice, MINIMUM, 0, voucher, abi.encodePacked(r, s, v)), MINIMUM, "65 bytes");
    }

    function test_T2_refuses_signer_struck_off() public {
        vm.prank(OWNER);
        sale.strikeOffSigner(signer);
        _refused(
            MINIMUM,
            0,
            voucherFor(alice, HARD),
            abi.encodeWithSelector(ISale.Sale_SignerRemoved.selector, signer)
        );
    }

    function test_T16_refuses_beyond_signers_bounds() public {
        Voucher memory voucher = voucherFor(alice, HARD + 1);
        _refused(MINIMUM, 0, voucher, abi.encodeWithSelector(ISale.Sale_SignerCapExceeded.selector, HARD + 1, HARD));

        voucher = voucherFor(alice, HARD);
        voucher.validUntil = voucher.validFrom + 1 days + 1;
        _refused(
            MINIMUM,
            0,
            voucher,
            abi.encodeWithSelector(ISale.Sale_SignerWindowExceeded.selector, 1 days + 1, 1 days)
        );
        voucher.validUntil -= 1;
        assertEq(sale.previewPurchase(alice, MINIMUM, 0, voucher, signed(alice, voucher)), MINIMUM, "at the bound");
    }

    function test_T7_cap_is_the_buyers_not_the_vouchers() public {
        buy(alice, 60 * UNIT);
        Voucher memory voucher = voucherFor(alice, 100 * UNIT);
        _refused(
            40 * UNIT + 1,
            0,
            voucher,
            abi.encodeWithSelector(ISale.Sale_CapExceeded.selector, 40 * UNIT + 1, 40 * UNIT)
        );
        voucher.cumulativeCap = 59 * UNIT;
        _refused(3, 0, voucher, abi.encodeWithSelector(ISale.Sale_CapExceeded.selector, 3, 0));
    }

    function testFuzz_Threat30_refuses_huge_amounts(uint256 amount) public {
        amount = bound(amount, HARD + 1, type(uint256).max - 1);
        // The second would pass if it were cut to the 96 bits that are stored.
        uint256[2] memory amounts = [amount, ((amount | 1) << 96) | MINIMUM];
        for (uint256 i; i < 2; i++) {
            _refused(
                amounts[i],
                0,
                voucherFor(alice, HARD),
                abi.encodeWithSelector(ISale.Sale_CapExceeded.selector, amounts[i], HARD)
            );
        }
    }

    function test_refuses_sold_out() public {
        buy(BOB, HARD);
        assertPhase(Phase.Open);
        _refused(MINIMUM, 0, voucherFor(alice, HARD), abi.encodeWithSelector(ISale.Sale_SoldOut.selector));
    }

    function test_T32_refuses_less_than_one_lot() public {
        _refused(2, 0, voucherFor(alice, HARD), abi.encodeWithSelector(ISale.Sale_AmountTooSmall.selector, 2, 3));
        _refused(0, 0, voucherFor(alice, HARD), abi.encodeWithSelector(ISale.Sale_AmountTooSmall.selector, 0, 3));
    }

    function test_refuses_below_minimum_and_counts_the_position() public {
        _refused(
            MINIMUM - 3,
            0,
            voucherFor(alice, HARD),
            abi.encodeWithSelector(ISale.Sale_BelowMinimum.selector, MINIMUM - 3, MINIMUM)
        );
        buy(alice, MINIMUM);
        assertEq(buy(alice, 3), 3, "on top of the minimum");
    }

    function test_refuses_fill_below_least() public {
        _refused(
            MINIMUM + 2,
            MINIMUM + 1,
            voucherFor(alice, HARD),
            abi.encodeWithSelector(ISale.Sale_FillBelowLeast.selector, MINIMUM, MINIMUM + 1)
        );
    }

    function test_T25_last_fill_is_partial_and_its_minimum_waived() public {
        buy(BOB, HARD - 3);
        uint256 fill = buy(alice, 50 * UNIT);
        assertEq(fill, 3, "fill");
        assertEq(usdc.balanceOf(alice), 50 * UNIT - 3, "the rest never left");
        assertEq(sale.raised(), HARD, "raised");
    }

    function test_R6_hard_cap_closes_early_only_without_cooling_off() public {
        buy(alice, HARD);
        assertPhase(Phase.Open);

        terms.sale.coolingOff = 0;
        deploy();
        buy(alice, HARD - 3);
        assertPhase(Phase.Open);
        buy(BOB, 3);
        assertPhase(Phase.Closed);
        assertEq(uint256(sale.stage()), uint256(Stage.Filled), "stage");
        sale.finalise();
    }

    function test_records_position_totals_and_history() public {
        bytes19 start = HistoryLib.start(sale.domainSeparator(), sale.termsHash());
        assertEq(bytes32(sale.history()), bytes32(start), "start");

        Voucher memory voucher = voucherFor(alice, HARD);
        assertEq(buy(alice, MINIMUM + 2), MINIMUM, "rounded down to lots");
        (uint256 paid, uint256 claimed, uint256 nonce, uint256 paidAt) = sale.positionOf(alice);
        assertEq(paid, MINIMUM, "paid");
        assertEq(claimed, 0, "claimed");
        assertEq(nonce, 1, "nonce");
        assertEq(paidAt, OPENS, "paidAt");
        assertEq(sale.raised(), MINIMUM, "raised");
        assertEq(usdc.balanceOf(address(sale)), MINIMUM, "money");
        assertEq(
            bytes32(sale.history()),
            bytes32(bytes19(keccak256(abi.encode(start, uint8(0), alice, uint256(0), MINIMUM, voucher.orderId)))),
            "history"
        );
    }

    function test_nothing_more_at_the_cap_is_too_small_not_beyond_it() public {
        provide(alice, MINIMUM);
        Voucher memory voucher = voucherFor(alice, MINIMUM);
        bytes memory signature = signed(alice, voucher);
        vm.prank(alice);
        sale.purchase(MINIMUM, 0, voucher, signature);
        voucher = voucherFor(alice, MINIMUM);
        signature = signed(alice, voucher);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_AmountTooSmall.selector, 0, 3));
        vm.prank(alice);
        sale.purchase(0, 0, voucher, signature);
    }

    function testFuzz_preview_says_what_purchase_does(uint256 amount, uint256 cap, uint256 before) public {
        before = bound(before, 0, 2 * HARD);
        if (before >= MINIMUM && before <= HARD) buy(BOB, before);
        amount = bound(amount, 0, HARD + MINIMUM);
        cap = bound(cap, 0, HARD);
        provide(alice, amount);
        Voucher memory voucher = voucherFor(alice, cap);
        bytes memory signature = signed(alice, voucher);

        try sale.previewPurchase(alice, amount, 0, voucher, signature) returns (uint256 fill) {
            vm.prank(alice);
            assertEq(sale.purchase(amount, 0, voucher, signature), fill, "fill");
            assertEq(usdc.balanceOf(address(sale)), sale.raised(), "solvent");
            require(fill % 3 == 0 && fill <= amount && fill <= cap && sale.raised() <= HARD, "bounds");
        } catch (bytes memory error_) {
            vm.expectRevert(error_);
            vm.prank(alice);
            sale.purchase(amount, 0, voucher, signature);
        }
    }

    function testFuzz_T32_splitting_is_neutral(uint256 amount, uint256 part) public {
        uint256 lots = bound(amount, (2 * MINIMUM) / 3, SOFT / 3);
        uint256 first = bound(part, MINIMUM / 3, lots - 1) * 3;
        buy(alice, lots * 3);
        buy(BOB, first);
        buy(BOB, lots * 3 - first);
        assertEq(paidOf(alice), paidOf(BOB), "paid");
        buy(STRANGER, SOFT);
        list();
        assertEq(sale.claimable(alice), sale.claimable(BOB), "tokens");
    }

    /// @dev One whole unit of currency for one whole token, whatever the decimals of both.
    function test_T33_any_decimals_sell_and_claim_exactly() public {
        uint8[6] memory all = [0, 2, 6, 8, 18, 24];
        for (uint256 i; i < 36; i++) {
            (uint8 money, uint8 tokens) = (all[i / 6], all[i % 6]);
            uint256 less = money < tokens ? money : tokens;
            terms.token.decimals = tokens;
            terms.token.maxSupply = 3000 * 10 ** tokens;
            terms.sale.price.currencyUnits = 10 ** (money - less);
            terms.sale.price.tokenUnits = 10 ** (tokens - less);
            terms.listing.price = terms.sale.price;
            terms.sale.softCap = terms.sale.hardCap = 1000 * 10 ** money;
            terms.sale.minPurchase = 10 ** money;
            terms.roles.signerMaxCap = terms.sale.hardCap;
            vm.warp(OPENS);
            deploy();

            provide(alice, terms.sale.hardCap);
            Voucher memory voucher = voucherFor(alice, terms.sale.hardCap);
            bytes memory signature = signed(alice, voucher);
            vm.prank(alice);
            sale.purchase(terms.sale.hardCap, 0, voucher, signature);
            list();
            vm.warp(CLOSES + DELAY + 100 days);
            assertEq(sale.claim(alice), 1000 * 10 ** tokens, "a thousand whole tokens");
        }
    }

    function test_open_mode_needs_no_signature_and_consumes_nonces() public {
        terms.sale.voucherRequired = false;
        terms.roles.signer = address(0);
        deploy();
        provide(alice, 2 * MINIMUM);
        Voucher memory own = voucherFor(alice, HARD);
        vm.prank(alice);
        sale.purchase(MINIMUM, 0, own, "");
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_NonceUsed.selector, 0, 1));
        vm.prank(alice);
        sale.purchase(MINIMUM, 0, own, "");
    }
}
