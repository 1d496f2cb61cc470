// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title An ERC-20 that takes a fee of each transfer, calls the sender back before it, or moves no zero, as a test sets it
contract HostileToken is ERC20 {
    uint256 public feeBps;
    address public calledBack;
    bool public refusesZero;

    error HostileToken_Zero();

    constructor() ERC20("Hostile", "HOST") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setFee(uint256 bps) external {
        feeBps = bps;
    }

    function setCalledBack(address account) external {
        calledBack = account;
    }

    function setRefusesZero(bool refuses) external {
        refusesZero = refuses;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (refusesZero && value == 0) revert HostileToken_Zero();
        if (calledBack != address(0) && (from == calledBack || to == calledBack)) {
            // solhint-disable-next-line avoid-low-level-calls
            (bool ok, bytes memory answer) = calledBack.call(abi.encodeWithSignature("tokensMove()"));
            if (!ok) {
                assembly {
                    revert(add(answer, 32), mload(answer))
                }
            }
        }
        super._update(from, to, value);
        if (feeBps != 0 && from != address(0) && to != address(0))
            super._update(to, address(1), (value * feeBps) / 10_000);
    }
}
