// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

interface IThief {
    function tokenMoved() external;
}

/// @title The token of a thief: tells it of each transfer
contract ThiefToken is ERC20("Thief", "THIEF") {
    IThief private immutable _thief;

    constructor() {
        _thief = IThief(msg.sender);
        _mint(msg.sender, 1e30);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0)) _thief.tokenMoved();
    }
}
