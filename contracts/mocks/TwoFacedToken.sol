// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {SecondFace} from "./SecondFace.sol";

/// @notice One ledger behind two addresses, as a few real tokens and wrapped native coins have had: this one and `face`.
contract TwoFacedToken is ERC20("Two-faced", "TWO") {
    SecondFace public immutable face = new SecondFace(this);

    error TwoFacedToken_NotFace(address got);

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function moveFor(address spender, address from, address to, uint256 amount) external {
        if (msg.sender != address(face)) revert TwoFacedToken_NotFace(msg.sender);
        if (spender != from) _spendAllowance(from, spender, amount);
        _transfer(from, to, amount);
    }

    function approveFor(address owner, address spender, uint256 amount) external {
        if (msg.sender != address(face)) revert TwoFacedToken_NotFace(msg.sender);
        _approve(owner, spender, amount);
    }
}
