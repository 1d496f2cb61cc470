// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {ISale, Phase, Voucher} from "../../contracts/interfaces/ISale.sol";
import {ContractSigner} from "../../contracts/mocks/ContractSigner.sol";
import {HostileBuyer} from "../../contracts/mocks/HostileBuyer.sol";
import {PlainCurrency} from "../../contracts/mocks/PlainCurrency.sol";
import {TwoFacedToken} from "../../contracts/mocks/TwoFacedToken.sol";
import {HostileToken} from "../../contracts/mocks/HostileToken.sol";
import {MockUSDT} from "../../contracts/mocks/MockUSDT.sol";
import {Mood, MoodyToken} from "../../contracts/mocks/MoodyToken.sol";
import {SaleFixture} from "./support/SaleFixture.sol";
import {Vm} from "./support/Vm.sol";

contract EtherTest is SaleFixture {
    function setUp() public override {
        super.setUp();
        terms.sale.currency = address(0);
        deploy();
    }

    function _buyEther(address buyer, uint256 amount) private returns (uint256) {
        vm.deal(buyer, amount);
        Voucher memory voucher = voucherFor(buyer, HARD);
        bytes memory signature = signed(buyer, voucher);
        vm.prank(buyer);
        return sale.purchase{value: amount}(amount, 0, voucher, signature);
    }

    function test_Threat18_refuses_a_value_that_is_not_the_amount() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        vm.deal(alice, MINIMUM + 1);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_WrongValue.selector, MINIMUM - 1, MINIMUM));
        vm.prank(alice);
        sale.purchase{value: MINIMUM - 1}(MINIMUM, 0, voucher, signature);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_WrongValue.selector, MINIMUM + 1, MINIMUM));
        vm.prank(alice);
        sale.purchase{value: MINIMUM + 1}(MINIMUM, 0, voucher, signature);
    }

    function test_refuses_permit_and_authorisation() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_WrongValue.selector, 0, MINIMUM));
        sale.purchaseWithPermit(MINIMUM, 0, voucher, "", 0, 27, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_WrongValue.selector, 0, MINIMUM));
        sale.purchaseWithAuthorization(MINIMUM, 0, voucher, "", 27, 0, 0);
    }

    function test_a_buyer_that_takes_no_ether_buys_exactly() public {
        HostileBuyer buyer = new HostileBuyer(sale);
        buyer.setRefuses(true);
        vm.deal(address(buyer), MINIMUM);
        Voucher memory voucher = voucherFor(address(buyer), HARD);
        bytes memory signature = signed(address(buyer), voucher);
        assertEq(buyer.purchase(MINIMUM, voucher, signature), MINIMUM, "fill");
    }

    function test_refuses_ether_from_strangers() public {
        vm.deal(address(this), 1);
        (bool taken, bytes memory error_) = address(sale).call{value: 1}("");
        require(!taken, "taken");
        assertEq(
            keccak256(error_),
            keccak256(abi.encodeWithSelector(ISale.Sale_EtherRefused.selector, address(this))),
            "error"
        );
    }

    function testFuzz_T24_excess_returns_to_the_buyer_in_the_same_call(uint256 amount, uint256 left) public {
        left = bound(left, 1, 1000) * 3;
        _buyEther(BOB, HARD - left);
        amount = bound(amount, left, SOFT);
        assertEq(_buyEther(alice, amount), left, "fill");
        assertEq(alice.balance, amount - left, "excess");
        assertEq(address(sale).balance, HARD, "money");
    }

    function test_Threat45_whole_sale_in_ether_ends_empty() public {
        _buyEther(alice, SOFT);
        _buyEther(BOB, MINIMUM);
        vm.prank(COMPLIANCE);
        sale.eject(BOB);
        venue.setUnusedCurrency(3);
        vm.deal(address(venue), 3);
        list();
        vm.warp(CLOSES + DELAY + 100 days);
        sale.releaseFee();
        sale.releaseTreasury();
        sale.releaseEjected(BOB);
        assertEq(BOB.balance, MINIMUM, "ejected");
        assertEq(address(sale).balance, 0, "left");
    }

    function test_Threat52_a_buyer_that_refuses_ether_holds_up_nobody_and_keeps_its_refund() public {
        HostileBuyer hostile = new HostileBuyer(sale);
        vm.deal(address(hostile), MINIMUM);
        Voucher memory voucher = voucherFor(address(hostile), HARD);
        hostile.purchase(MINIMUM, voucher, signed(address(hostile), voucher));
        _buyEther(alice, MINIMUM);
        fail();
        hostile.setRefuses(true);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_EtherNotTaken.selector, address(hostile)));
        sale.refund(address(hostile));
        sale.refund(alice);
        hostile.setRefuses(false);
        sale.refund(address(hostile));
        assertEq(address(hostile).balance, MINIMUM, "kept");
    }

    function test_T22_a_buyer_that_calls_again_from_its_refund_gets_nothing_more() public {
        HostileBuyer hostile = new HostileBuyer(sale);
        vm.deal(address(hostile), MINIMUM);
        Voucher memory voucher = voucherFor(address(hostile), HARD);
        hostile.purchase(MINIMUM, voucher, signed(address(hostile), voucher));
        _buyEther(alice, SOFT);
        hostile.setCall(abi.encodeCall(ISale.withdraw, ()));
        hostile.withdraw();
        require(!hostile.passed(), "re-entered");
        assertEq(address(hostile).balance, MINIMUM, "once");
        assertEq(address(sale).balance, sale.raised(), "solvent");
    }

    function test_Threat72_excess_paid_to_a_re_entering_buyer_buys_nothing_more() public {
        _buyEther(BOB, HARD - 3);
        HostileBuyer hostile = new HostileBuyer(sale);
        vm.deal(address(hostile), MINIMUM);
        Voucher memory voucher = voucherFor(address(hostile), HARD);
        bytes memory signature = signed(address(hostile), voucher);
        hostile.setCall(abi.encodeCall(ISale.withdraw, ()));
        assertEq(hostile.purchase(MINIMUM, voucher, signature), 3, "fill");
        require(!hostile.passed(), "re-entered");
        assertEq(address(sale).balance, HARD, "money");
    }
}

/// @dev Takes its fee of what was signed for, too.
contract HostilePayer is HostileToken {
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256,
        uint256,
        bytes32,
        uint8,
        bytes32,
        bytes32
    ) external {
        _transfer(from, to, value);
    }
}

/// @dev Answers nothing, in more bytes than a balance has.
contract FrozenToken {
    error FrozenToken_Frozen(address account, uint256 since);

    function balanceOf(address account) external pure {
        revert FrozenToken_Frozen(account, 7);
    }
}

contract TokenKindsTest is SaleFixture {
    function test_a_refusal_to_tell_a_balance_reaches_the_buyer_whole() public {
        provide(alice, MINIMUM);
        vm.etch(address(usdc), address(new FrozenToken()).code);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        vm.expectRevert(abi.encodeWithSelector(FrozenToken.FrozenToken_Frozen.selector, address(sale), 7));
        vm.prank(alice);
        sale.purchase(MINIMUM, 0, voucher, signature);
    }

    function test_T19_refuses_fee_on_an_authorization() public {
        HostilePayer hostile = new HostilePayer();
        terms.sale.currency = address(hostile);
        deploy();
        hostile.mint(alice, MINIMUM);
        hostile.setFee(100);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_WrongReceived.selector, (MINIMUM * 99) / 100, MINIMUM));
        vm.prank(alice);
        sale.purchaseWithAuthorization(MINIMUM, 0, voucher, signature, 27, 0, 0);
    }

    function test_T19_refuses_fee_on_transfer() public {
        HostileToken hostile = new HostileToken();
        terms.sale.currency = address(hostile);
        deploy();
        hostile.mint(alice, MINIMUM);
        vm.prank(alice);
        hostile.approve(address(sale), MINIMUM);
        hostile.setFee(100);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_WrongReceived.selector, (MINIMUM * 99) / 100, MINIMUM));
        vm.prank(alice);
        sale.purchase(MINIMUM, 0, voucher, signature);
    }

    function test_T19_refuses_a_currency_that_grows_while_it_pays() public {
        MoodyToken money = _moodyCurrency();
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        money.setMood(Mood.Gives, alice);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_WrongReceived.selector, MINIMUM + 1, MINIMUM));
        vm.prank(alice);
        sale.purchase(MINIMUM, 0, voucher, signature);
    }

    function test_T60_a_paused_currency_holds_up_and_loses_nothing() public {
        MoodyToken money = _moodyCurrency();
        buyAgain(alice, SOFT);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        bytes memory paused = abi.encodeWithSelector(MoodyToken.MoodyToken_Blocked.selector, address(sale));

        money.setMood(Mood.Blocks, address(sale));
        vm.expectRevert(paused);
        vm.prank(alice);
        sale.purchase(MINIMUM, 0, voucher, signature);
        vm.expectRevert(paused);
        vm.prank(alice);
        sale.withdraw();
        settle();
        vm.warp(CLOSES + DELAY);
        bytes19 history = sale.history();
        vm.expectRevert(paused);
        sale.list(history);
        assertEq(paidOf(alice), SOFT, "position");
        assertEq(nonceOf(alice), 1, "nonce");

        money.setMood(Mood.Calm, address(0));
        sale.list(history);
        vm.warp(CLOSES + DELAY + 100 days);
        sale.releaseFee();
        sale.releaseTreasury();
        assertEq(sale.claim(alice), (SOFT / 3) * 5e13, "tokens");
        assertEq(money.balanceOf(address(sale)), 0, "money left");
    }

    function _moodyCurrency() private returns (MoodyToken money) {
        money = new MoodyToken(false);
        terms.sale.currency = address(money);
        deploy();
        money.mint(alice, HARD);
        vm.prank(alice);
        money.approve(address(sale), HARD);
    }

    function test_T22_a_callback_token_cannot_re_enter() public {
        HostileToken hostile = new HostileToken();
        terms.sale.currency = address(hostile);
        deploy();
        HostileBuyer buyer = new HostileBuyer(sale);
        hostile.mint(address(buyer), 2 * MINIMUM);
        hostile.setCalledBack(address(buyer));
        Voucher memory voucher = voucherFor(address(buyer), HARD);
        bytes memory signature = signed(address(buyer), voucher);
        Voucher memory next = voucher;
        next.nonce = 1;
        buyer.setCall(abi.encodeCall(ISale.purchase, (MINIMUM, 0, next, signedBy(SIGNER_KEY, address(buyer), next))));
        voucher = voucherFor(address(buyer), HARD);
        buyer.purchase(MINIMUM, voucher, signature);
        buyer.setCall(abi.encodeCall(ISale.withdraw, ()));
        buyer.withdraw();
        require(!buyer.passed(), "re-entered");
        assertEq(hostile.balanceOf(address(buyer)), 2 * MINIMUM, "no more than paid");
        assertEq(sale.raised(), 0, "raised");
    }

    function test_T21_works_with_a_token_in_the_manner_of_usdt() public {
        MockUSDT usdt = new MockUSDT();
        terms.sale.currency = address(usdt);
        deploy();
        usdt.mint(alice, SOFT);
        vm.prank(alice);
        usdt.approve(address(sale), SOFT);
        buyAgain(alice, SOFT);
        list();
        sale.releaseFee();
        assertEq(usdt.allowance(address(sale), address(venue)), 0, "allowance");
        assertEq(usdt.balanceOf(FEE_RECIPIENT), SOFT / 50, "fee");
    }

    function test_sells_for_a_currency_that_counts_the_bytes_of_its_arguments() public {
        StrictToken strict = new StrictToken();
        terms.sale.currency = address(strict);
        deploy();
        strict.mint(alice, MINIMUM);
        vm.prank(alice);
        strict.approve(address(sale), MINIMUM);
        assertEq(buyAgain(alice, MINIMUM), MINIMUM, "fill");
    }

    /// @dev Of a currency that is no token any more, by an upgrade say: it answers nothing, a byte too little, or reverts.
    function test_a_balance_that_is_not_told_ends_in_what_the_currency_says() public {
        provide(alice, MINIMUM);
        bytes memory stop = hex"00";
        bytes memory returns31Bytes = hex"601f5ff3";
        bytes memory revertsWith0xab = hex"60ab5f5260205ffd";
        _endsIn(stop, "");
        _endsIn(returns31Bytes, "");
        _endsIn(revertsWith0xab, abi.encode(0xab));
    }

    function _endsIn(bytes memory code, bytes memory wanted) private {
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory call = abi.encodeCall(ISale.purchase, (MINIMUM, 0, voucher, signed(alice, voucher)));
        vm.etch(sale.currency(), code);
        vm.prank(alice);
        (bool passed, bytes memory got) = address(sale).call(call);
        require(!passed, "bought");
        assertEq(keccak256(got), keccak256(wanted), "error");
    }

    function test_T17_a_buyer_with_code_buys_and_leaves() public {
        vm.etch(alice, hex"ef0100000000000000000000000000000000000000dead");
        buy(alice, MINIMUM);
        vm.prank(alice);
        sale.withdraw();
        assertEq(usdc.balanceOf(alice), MINIMUM, "money");
    }
}

contract SignedPaymentTest is SaleFixture {
    function _permit(uint256 amount) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 hash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                alice,
                address(sale),
                amount,
                usdc.nonces(alice),
                CLOSES
            )
        );
        return vm.sign(ALICE_KEY, keccak256(abi.encodePacked(hex"1901", usdc.DOMAIN_SEPARATOR(), hash)));
    }

    function _authorise(uint256 amount, Voucher memory voucher) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 hash = keccak256(
            abi.encode(
                usdc.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(),
                alice,
                address(sale),
                amount,
                uint256(0),
                voucher.validUntil,
                voucher.orderId
            )
        );
        return vm.sign(ALICE_KEY, keccak256(abi.encodePacked(hex"1901", usdc.DOMAIN_SEPARATOR(), hash)));
    }

    function test_permit_pays_without_an_allowance() public {
        usdc.mint(alice, MINIMUM);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        (uint8 v, bytes32 r, bytes32 s) = _permit(MINIMUM);
        vm.prank(alice);
        assertEq(sale.purchaseWithPermit(MINIMUM, 0, voucher, signature, CLOSES, v, r, s), MINIMUM, "fill");
        assertEq(usdc.balanceOf(address(sale)), MINIMUM, "money");
    }

    function test_a_permit_used_by_somebody_before_stops_nothing() public {
        usdc.mint(alice, MINIMUM);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        (uint8 v, bytes32 r, bytes32 s) = _permit(MINIMUM);
        usdc.permit(alice, address(sale), MINIMUM, CLOSES, v, r, s);
        vm.prank(alice);
        sale.purchaseWithPermit(MINIMUM, 0, voucher, signature, CLOSES, v, r, s);
        assertEq(paidOf(alice), MINIMUM, "paid");
    }

    function test_a_bad_permit_without_allowance_buys_nothing() public {
        usdc.mint(alice, MINIMUM);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        vm.expectRevert();
        vm.prank(alice);
        sale.purchaseWithPermit(MINIMUM, 0, voucher, signature, CLOSES, 27, bytes32(uint256(1)), bytes32(uint256(1)));
        assertEq(paidOf(alice), 0, "paid");
    }

    function test_authorisation_pays_and_R8_what_is_not_filled_returns() public {
        buy(BOB, HARD - MINIMUM);
        usdc.mint(alice, 2 * MINIMUM);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        (uint8 v, bytes32 r, bytes32 s) = _authorise(2 * MINIMUM, voucher);
        vm.prank(alice);
        assertEq(sale.purchaseWithAuthorization(2 * MINIMUM, 0, voucher, signature, v, r, s), MINIMUM, "fill");
        assertEq(usdc.balanceOf(alice), MINIMUM, "excess");
        assertEq(usdc.balanceOf(address(sale)), HARD, "money");
    }

    function test_authorisation_of_exactly_the_fill_returns_nothing() public {
        usdc.mint(alice, MINIMUM);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        (uint8 v, bytes32 r, bytes32 s) = _authorise(MINIMUM, voucher);
        vm.recordLogs();
        vm.prank(alice);
        assertEq(sale.purchaseWithAuthorization(MINIMUM, 0, voucher, signature, v, r, s), MINIMUM, "fill");
        uint256 transfers;
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; i++) {
            if (logs[i].topics[0] == keccak256("Transfer(address,address,uint256)")) transfers++;
        }
        assertEq(transfers, 1, "one transfer");
        assertEq(usdc.balanceOf(alice), 0, "spent");
        assertEq(usdc.balanceOf(address(sale)), MINIMUM, "money");
    }

    function test_an_authorisation_of_another_order_or_amount_is_refused() public {
        usdc.mint(alice, 2 * MINIMUM);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        (uint8 v, bytes32 r, bytes32 s) = _authorise(MINIMUM + 3, voucher);
        vm.expectRevert();
        vm.prank(alice);
        sale.purchaseWithAuthorization(MINIMUM, 0, voucher, signature, v, r, s);

        Voucher memory other = voucherFor(alice, HARD);
        other.orderId = bytes32(uint256(1));
        (v, r, s) = _authorise(MINIMUM, other);
        vm.expectRevert();
        vm.prank(alice);
        sale.purchaseWithAuthorization(MINIMUM, 0, voucher, signature, v, r, s);
    }
}

/// @dev A wallet whose signatures are long, a passkey's with its client data say, and whatever they say.
contract WordySigner is IERC1271 {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return IERC1271.isValidSignature.selector;
    }
}

/// @dev Takes no argument longer than it is, as tokens do that guard against short addresses.
contract StrictToken is PlainCurrency {
    function balanceOf(address account) public view override returns (uint256) {
        require(msg.data.length == 36, "payload");
        return super.balanceOf(account);
    }
}

contract ContractSignerTest is SaleFixture {
    ContractSigner private _contractSigner;

    function setUp() public override {
        super.setUp();
        _contractSigner = new ContractSigner(vm.addr(0x53));
        vm.prank(OWNER);
        sale.addSigner(address(_contractSigner), HARD, 1 days);
    }

    function _signedBy(uint256 key, Voucher memory voucher) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, sale.voucherDigest(alice, voucher));
        return abi.encodePacked(address(_contractSigner), r, s, v);
    }

    function test_T10_refuses_what_it_does_not_accept() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = _signedBy(0x54, voucher);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_SignatureInvalid.selector, address(_contractSigner)));
        sale.previewPurchase(alice, MINIMUM, 0, voucher, signature);
    }

    function test_Threat03_never_asks_an_unknown_contract() public {
        ContractSigner unknown = new ContractSigner(vm.addr(0x53));
        Voucher memory voucher = voucherFor(alice, HARD);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(0x53, sale.voucherDigest(alice, voucher));
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_SignerUnknown.selector, address(unknown)));
        sale.previewPurchase(alice, MINIMUM, 0, voucher, abi.encodePacked(address(unknown), r, s, v));
    }

    /// @dev 20 bytes name the signer, all of them: a shorter signature names nobody.
    function test_asks_a_signer_for_whom_nothing_follows_its_address() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory named = abi.encodePacked(address(_contractSigner));
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_SignatureInvalid.selector, address(_contractSigner)));
        sale.previewPurchase(alice, MINIMUM, 0, voucher, named);
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_SignerUnknown.selector, address(0)));
        sale.previewPurchase(alice, MINIMUM, 0, voucher, abi.encodePacked(bytes19(bytes20(address(_contractSigner)))));
    }

    /// @dev Memory that stays free lies right behind the signature: farther on it would cost the square.
    function test_sells_for_a_long_signature_and_says_what_the_currency_says() public {
        WordySigner wordy = new WordySigner();
        vm.prank(OWNER);
        sale.addSigner(address(wordy), HARD, 1 days);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = abi.encodePacked(address(wordy), new bytes(4096));
        provide(alice, MINIMUM);
        vm.prank(alice);
        assertEq(sale.purchase{gas: 1_000_000}(MINIMUM, 0, voucher, signature), MINIMUM, "fill");

        bytes memory call = abi.encodeCall(ISale.purchase, (MINIMUM, 0, voucherFor(alice, HARD), signature));
        bytes memory revertsWith0xab = hex"60ab5f5260205ffd";
        vm.etch(sale.currency(), revertsWith0xab);
        vm.prank(alice);
        (, bytes memory got) = address(sale).call{gas: 1_000_000}(call);
        assertEq(keccak256(got), keccak256(abi.encode(0xab)), "error");
    }

    function test_accepts_what_it_accepts() public {
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = _signedBy(0x53, voucher);
        provide(alice, MINIMUM);
        vm.prank(alice);
        assertEq(sale.purchase(MINIMUM, 0, voucher, signature), MINIMUM, "fill");
    }
}

contract FundTest is SaleFixture {
    HostileToken private _existing;

    function setUp() public override {
        super.setUp();
        _existing = new HostileToken();
        terms.token.existing = address(_existing);
        terms.token.maxSupply = 5_000_000e18;
        terms.listing.liquidityBps = 0;
        terms.listing.venue = address(0);
        vm.warp(OPENS - 1 days);
        deploy();
        _existing.mint(STRANGER, 5_000_000e18);
        vm.prank(STRANGER);
        _existing.approve(address(sale), type(uint256).max);
    }

    function test_Threat63_unfunded_at_opening_fails() public {
        assertPhase(Phase.Unfunded);
        vm.warp(OPENS - 1);
        assertPhase(Phase.Unfunded);
        vm.warp(OPENS);
        assertPhase(Phase.Failed);
        expectPhase(Phase.Failed, Phase.Unfunded);
        vm.prank(STRANGER);
        sale.fund();
    }

    function test_Threat63_refuses_less_than_the_supply() public {
        _existing.setFee(1);
        uint256 supply = terms.token.maxSupply;
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_WrongReceived.selector, supply - supply / 10_000, supply));
        vm.prank(STRANGER);
        sale.fund();
    }

    /// @dev Otherwise `releaseUnsold` would send the buyers' money to the treasury after a failure.
    function test_Threat23_refuses_the_currency_under_a_second_address() public {
        TwoFacedToken asset = new TwoFacedToken();
        terms.sale.currency = address(asset);
        terms.token.existing = address(asset.face());
        deploy();
        asset.mint(STRANGER, 5_000_000e18);
        vm.prank(STRANGER);
        asset.approve(address(sale), type(uint256).max);

        vm.expectRevert(
            abi.encodeWithSelector(
                ISale.Sale_TermsInvalid.selector,
                "token.existing",
                uint256(uint160(address(asset.face()))),
                uint256(0)
            )
        );
        vm.prank(STRANGER);
        sale.fund();
        assertPhase(Phase.Unfunded);
    }

    function test_escrows_once_sells_and_pays_unsold_to_the_treasury_on_failure() public {
        vm.prank(STRANGER);
        sale.fund();
        assertPhase(Phase.Pending);
        expectPhase(Phase.Pending, Phase.Unfunded);
        vm.prank(STRANGER);
        sale.fund();
        vm.warp(OPENS);
        buy(alice, MINIMUM);
        fail();
        sale.refund(alice);
        sale.releaseUnsold();
        assertEq(_existing.balanceOf(TREASURY), 5_000_000e18, "returned");
    }

    function test_escrows_the_allocations_with_the_rest() public {
        bytes32 root = keccak256("allocations");
        terms.vesting.allocationsRoot = root;
        terms.vesting.allocationsTotal = 1_000_000e18;
        deploy();
        vm.prank(STRANGER);
        _existing.approve(address(sale), type(uint256).max);
        vm.prank(STRANGER);
        sale.fund();

        (address token_, bytes32 root_, uint256 remaining, address treasury) = vesting.grantOf(address(sale));
        require(token_ == address(_existing) && treasury == TREASURY && root_ == root, "grant");
        assertEq(remaining, 1_000_000e18, "escrowed");
        assertEq(_existing.balanceOf(address(vesting)), 1_000_000e18, "held");
        assertEq(_existing.balanceOf(address(sale)), 4_000_000e18, "the rest");
        assertEq(_existing.allowance(address(sale), address(vesting)), 0, "allowance");
        fail();
        assertEq(sale.releaseUnsold(), 5_000_000e18, "all of it after a failure");
        assertEq(_existing.balanceOf(TREASURY), 5_000_000e18, "returned");
    }

    function test_T60_a_paused_token_holds_claims_up_and_loses_none() public {
        MoodyToken paused = new MoodyToken(false);
        terms.token.existing = address(paused);
        deploy();
        paused.mint(STRANGER, 5_000_000e18);
        vm.prank(STRANGER);
        paused.approve(address(sale), type(uint256).max);
        vm.prank(STRANGER);
        sale.fund();
        vm.warp(OPENS);
        buy(alice, SOFT);
        list();
        vm.warp(CLOSES + DELAY + 100 days);

        paused.setMood(Mood.Blocks, address(sale));
        vm.expectRevert(abi.encodeWithSelector(MoodyToken.MoodyToken_Blocked.selector, address(sale)));
        sale.claim(alice);
        paused.setMood(Mood.Calm, address(0));
        assertEq(sale.claim(alice), (SOFT / 3) * 5e13, "tokens");
    }

    function test_sells_and_claims() public {
        vm.prank(STRANGER);
        sale.fund();
        vm.warp(OPENS);
        buy(alice, SOFT);
        list();
        vm.warp(CLOSES + DELAY + 100 days);
        sale.claim(alice);
        assertEq(_existing.balanceOf(alice), (SOFT / 3) * 5e13, "tokens");
        sale.releaseUnsold();
        assertEq(_existing.balanceOf(address(sale)), 0, "left");
    }
}
