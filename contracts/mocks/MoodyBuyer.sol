// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title A buyer's code: when money or tokens reach it, it does once what it was armed with
/// @notice As a contract, and as what an EOA delegates to (EIP-7702).
contract MoodyBuyer {
    bool public refuses;
    bool public entered;
    bool public passed;
    bytes4 public answer;
    address private _target;
    bytes private _call;

    error MoodyBuyer_Refuses();

    receive() external payable {
        tokensMove();
    }

    function arm(bool refuses_, address target, bytes calldata call_) external {
        (refuses, _target, _call) = (refuses_, target, call_);
        (entered, passed, answer) = (false, false, 0);
    }

    function tokensMove() public {
        if (refuses) revert MoodyBuyer_Refuses();
        if (_call.length == 0) return;
        bytes memory call_ = _call;
        delete _call;
        entered = true;
        bytes memory got;
        (passed, got) = _target.call(call_);
        answer = bytes4(got);
    }
}
