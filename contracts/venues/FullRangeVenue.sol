// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IFeeLock} from "../interfaces/ILock.sol";
import {IVenue, Listing} from "../interfaces/IVenue.sol";
import {LiquidityLock} from "./LiquidityLock.sol";

/// @notice Base of the venues of v3 and v4: a new pool, one position over all prices, fees that leave without it.
abstract contract FullRangeVenue is IVenue, IFeeLock, LiquidityLock {
    /// @inheritdoc IVenue
    function list(
        Listing calldata listing
    ) external payable returns (bytes32 id, uint256 usedToken, uint256 usedCurrency, uint256 foundCurrency) {
        uint256 value = listing.currency == address(0) ? listing.currencyAmount : 0;
        if (msg.value != value) revert Venue_WrongValue(msg.value, value);
        previewListing(listing);

        (id, usedToken, usedCurrency) = _open(listing);
        foundCurrency = 0;

        if (value != usedCurrency && value != 0) {
            (bool taken, ) = msg.sender.call{value: value - usedCurrency}("");
            if (!taken) revert Venue_EtherRefused(msg.sender);
        }
    }

    /// @inheritdoc IFeeLock
    function collectFees(
        bytes32 id,
        uint256 least0,
        uint256 least1
    ) external returns (uint256 amount0, uint256 amount1) {
        (address recipient, , ) = lockOf(id);
        if (recipient == address(0)) revert Lock_Unknown(id);

        (amount0, amount1) = _takeOut(id, recipient, 0);
        if (amount0 < least0) revert Lock_TooLittle(amount0, least0);
        if (amount1 < least1) revert Lock_TooLittle(amount1, least1);
        emit FeesCollected(id, recipient, amount0, amount1);
    }

    /// @inheritdoc IVenue
    function previewListing(Listing calldata listing) public view virtual;

    /// @dev Opens the pool at the listing's price and locks the position, paid for by `msg.sender` or with the ETH sent.
    function _open(
        Listing calldata listing
    ) internal virtual returns (bytes32 id, uint256 usedToken, uint256 usedCurrency);

    /// @dev Sends `liquidity` of the position, and with any of it the fees, to `recipient`.
    function _takeOut(
        bytes32 id,
        address recipient,
        uint256 liquidity
    ) internal virtual returns (uint256 amount0, uint256 amount1);

    function _handOver(bytes32 id, address recipient, uint256 amount) internal override {
        _takeOut(id, recipient, amount);
    }
}
