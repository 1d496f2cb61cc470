// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token with two views by which some rebasing token is known, and no others
contract RebasingToken is ERC20 {
    mapping(bytes4 view_ => bool) private _answers;

    error RebasingToken_NoSuchView(bytes4 view_);

    constructor(bytes4[2] memory views) ERC20("Rebasing", "RBS") {
        _mint(msg.sender, 1e24);
        (_answers[views[0]], _answers[views[1]]) = (true, true);
    }

    // solhint-disable-next-line no-complex-fallback
    fallback(bytes calldata) external returns (bytes memory) {
        if (!_answers[msg.sig]) revert RebasingToken_NoSuchView(msg.sig);
        return abi.encode(1);
    }
}
