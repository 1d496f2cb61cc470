// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {TwoFacedToken} from "./TwoFacedToken.sol";

/// @notice The second address of a `TwoFacedToken`.
contract SecondFace {
    TwoFacedToken private immutable _ledger;

    constructor(TwoFacedToken ledger) {
        _ledger = ledger;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _ledger.moveFor(msg.sender, msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _ledger.moveFor(msg.sender, from, to, amount);
        return true;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        _ledger.approveFor(msg.sender, spender, amount);
        return true;
    }

    function decimals() external pure returns (uint8) {
        return 18;
    }

    function balanceOf(address account) external view returns (uint256) {
        return _ledger.balanceOf(account);
    }

    function allowance(address owner, address spender) external view returns (uint256) {
        return _ledger.allowance(owner, spender);
    }
}
