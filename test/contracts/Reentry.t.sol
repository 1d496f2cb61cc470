// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ISale, Voucher} from "../../contracts/interfaces/ISale.sol";
import {SaleFixture} from "./support/SaleFixture.sol";

/// @notice This contract buys in ether, and calls the sale again while it is paid.
contract ReentryTest is SaleFixture {
    bytes[] private _calls;
    uint256 private _refused;

    function setUp() public override {
        super.setUp();
        terms.sale.currency = address(0);
        deploy();
        vm.deal(address(this), MINIMUM);
        Voucher memory voucher = voucherFor(address(this), HARD);
        sale.purchase{value: MINIMUM}(MINIMUM, 0, voucher, signed(address(this), voucher));
    }

    receive() external payable {
        for (uint256 i; i < _calls.length; i++) {
            (bool passed, bytes memory error_) = address(sale).call(_calls[i]);
            bytes4 guard = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
            if (!passed && bytes4(error_) == guard) _refused++;
        }
    }

    function test_Threat72_whatever_moves_money_is_refused_while_a_withdrawal_is_paid() public {
        _everyCall();
        sale.withdraw();
        assertEq(_refused, _calls.length, "refused by the guard");
    }

    function test_Threat72_nothing_else_is_paid_while_a_refund_is() public {
        fail();
        _everyCall();
        sale.refund(address(this));
        assertEq(_refused, _calls.length, "refused by the guard");
    }

    function test_Threat72_nothing_else_is_paid_while_an_ejected_balance_is() public {
        vm.prank(COMPLIANCE);
        sale.eject(address(this));
        _everyCall();
        sale.releaseEjected(address(this));
        assertEq(_refused, _calls.length, "refused by the guard");
    }

    function _everyCall() private {
        Voucher memory voucher = voucherFor(address(this), HARD);
        bytes memory signature = signed(address(this), voucher);
        _calls.push(abi.encodeCall(ISale.purchase, (MINIMUM, 0, voucher, signature)));
        _calls.push(abi.encodeCall(ISale.purchaseWithPermit, (MINIMUM, 0, voucher, signature, 0, 27, 0, 0)));
        _calls.push(abi.encodeCall(ISale.purchaseWithAuthorization, (MINIMUM, 0, voucher, signature, 27, 0, 0)));
        _calls.push(abi.encodeCall(ISale.withdraw, ()));
        _calls.push(abi.encodeCall(ISale.refund, (address(this))));
        _calls.push(abi.encodeCall(ISale.releaseEjected, (address(this))));
        _calls.push(abi.encodeCall(ISale.claim, (address(this))));
        _calls.push(abi.encodeCall(ISale.fund, ()));
        _calls.push(abi.encodeCall(ISale.list, (sale.history())));
        _calls.push(abi.encodeCall(ISale.listWithSalt, (sale.history(), 0)));
        _calls.push(abi.encodeCall(ISale.releaseFee, ()));
        _calls.push(abi.encodeCall(ISale.releaseTreasury, ()));
        _calls.push(abi.encodeCall(ISale.releaseUnsold, ()));
    }
}
