// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ISale, Voucher} from "../interfaces/ISale.sol";

/// @title A buyer with code: when money reaches it, or its token moves, it calls the sale again or refuses
contract HostileBuyer {
    ISale public immutable sale;
    bytes public call;
    bool public refuses;
    bool public passed;

    error HostileBuyer_Refuses();

    constructor(ISale sale_) payable {
        sale = sale_;
        if (sale_.currency() != address(0)) IERC20(sale_.currency()).approve(address(sale_), type(uint256).max);
    }

    receive() external payable {
        tokensMove();
    }

    /// @notice What it calls the sale with next time, and whether that passed.
    function setCall(bytes calldata call_) external {
        call = call_;
    }

    function setRefuses(bool refuses_) external {
        refuses = refuses_;
    }

    function purchase(uint256 amount, Voucher calldata voucher, bytes calldata signature) external returns (uint256) {
        return sale.purchase{value: sale.currency() == address(0) ? amount : 0}(amount, 0, voucher, signature);
    }

    function withdraw() external {
        sale.withdraw();
    }

    function tokensMove() public {
        if (refuses) revert HostileBuyer_Refuses();
        if (call.length == 0) return;
        (bool ok, ) = address(sale).call(call);
        passed = passed || ok;
    }
}
