// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token whose balances all grow and shrink at a word, as AMPL's do
contract RebasingToken is ERC20 {
    uint256 private _bps = 10_000;

    constructor() ERC20("Rebasing", "RBS") {
        _mint(msg.sender, 1e24);
    }

    function rebase(uint256 bps) external {
        _bps = bps;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return (super.balanceOf(account) * _bps) / 10_000;
    }

    function scaledBalanceOf(address account) external view returns (uint256) {
        return super.balanceOf(account);
    }

    function scaledTotalSupply() external view returns (uint256) {
        return totalSupply();
    }
}
