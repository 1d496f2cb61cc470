// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {SaleFixture} from "./support/SaleFixture.sol";
import {LaunchToken} from "../../contracts/LaunchToken.sol";
import {ISale} from "../../contracts/interfaces/ISale.sol";
import {IBearingVenue, Listing} from "../../contracts/interfaces/IVenue.sol";

/// @dev Keeps back a part of the token that it bears.
contract ShortBearer is IBearingVenue {
    uint256 private immutable _kept;

    constructor(uint256 kept) {
        _kept = kept;
    }

    function bear(
        ShortString name,
        ShortString symbol,
        uint8 decimals,
        uint256 supply,
        bytes32
    ) external returns (address token) {
        LaunchToken born = new LaunchToken(
            ShortStrings.toString(name),
            ShortStrings.toString(symbol),
            decimals,
            supply
        );
        born.transfer(msg.sender, supply - _kept);
        return address(born);
    }

    function list(Listing calldata listing) external payable returns (bytes32, uint256, uint256, uint256) {
        LaunchToken(listing.token).transferFrom(msg.sender, address(this), listing.tokenAmount);
        LaunchToken(listing.currency).transferFrom(msg.sender, address(this), listing.currencyAmount);
        return (bytes32(uint256(1)), listing.tokenAmount, listing.currencyAmount, 0);
    }

    function bearsToken() external pure returns (bool) {
        return true;
    }

    // solhint-disable-next-line no-empty-blocks
    function previewListing(Listing calldata) external pure {}
}

contract BornTest is SaleFixture {
    function _listWith(ShortBearer bearer) private {
        terms.listing.venue = address(bearer);
        vm.warp(OPENS - 1 days);
        deploy();
        vm.warp(OPENS);
        buy(alice, SOFT);
        settle();
        vm.warp(CLOSES + DELAY);
    }

    function test_refuses_a_token_of_which_the_venue_keeps_a_unit() public {
        _listWith(new ShortBearer(1));
        uint256 supply = terms.token.maxSupply;
        bytes19 history = sale.history();
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_VenueMisreported.selector, supply - 1, supply));
        sale.list(history);
        assertEq(uint160(sale.token()), 0, "no token");
    }

    function test_lists_a_token_that_comes_whole() public {
        _listWith(new ShortBearer(0));
        sale.list(sale.history());
        assertEq(LaunchToken(sale.token()).totalSupply(), terms.token.maxSupply, "supply");
        sale.claim(alice);
    }
}
