// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IVenue, Listing} from "../interfaces/IVenue.sol";

/// @title A venue without a pool: takes the amounts and keeps them, and misreports where a test tells it to
contract MockVenue is IVenue {
    using SafeERC20 for IERC20;

    uint256 public unreported;
    uint256 public invented;
    uint256 public unusedCurrency;
    uint256 public found;

    function setUnreported(uint256 tokens) external {
        unreported = tokens;
    }

    function setInvented(uint256 currency) external {
        invented = currency;
    }

    function setUnusedCurrency(uint256 currency) external {
        unusedCurrency = currency;
    }

    function setFound(uint256 currency) external {
        found = currency;
    }

    /// @inheritdoc IVenue
    function list(
        Listing calldata listing
    ) public payable virtual returns (bytes32 id, uint256 usedToken, uint256 usedCurrency, uint256 foundCurrency) {
        usedToken = listing.tokenAmount;
        usedCurrency = listing.currencyAmount - unusedCurrency;
        IERC20(listing.token).safeTransferFrom(msg.sender, address(this), usedToken);
        if (listing.currency != address(0)) {
            IERC20(listing.currency).safeTransferFrom(msg.sender, address(this), usedCurrency);
        } else if (unusedCurrency != 0) {
            (bool taken, ) = msg.sender.call{value: unusedCurrency}("");
            if (!taken) revert Venue_EtherRefused(msg.sender);
        }

        if (found != 0) IERC20(listing.currency).safeTransfer(msg.sender, found);

        return (bytes32(uint256(1)), usedToken - unreported, usedCurrency, invented + found);
    }

    /// @inheritdoc IVenue
    function bearsToken() external pure returns (bool) {
        return false;
    }

    /// @inheritdoc IVenue
    // solhint-disable-next-line no-empty-blocks
    function previewListing(Listing calldata) external pure {}
}
