// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {LaunchToken} from "../LaunchToken.sol";
import {IBearingVenue, IVenue, Listing} from "../interfaces/IVenue.sol";

/// @title A venue without a pool that keeps what it takes, and does and says what a test tells it to
contract MoodyVenue is IBearingVenue {
    using SafeERC20 for IERC20;

    struct Plan {
        /// Left to the sale of what it offered.
        uint256 unusedTokens;
        uint256 unusedCurrency;
        /// Given to the sale, as if strangers had left it in the pool.
        uint256 found;
        /// Said beyond the truth.
        uint256 overstatedTokens;
        uint256 overstatedFound;
        bool refuses;
        /// Of the currency, the one amount that it refuses beforehand; 0: every one.
        uint256 refused;
        /// Takes a unit more than it was offered.
        bool greedy;
        /// Of the token that it bears, what it keeps.
        uint256 kept;
        /// What it calls the sale with: from `list`, or from `bear` already.
        bytes call;
        bool callsInBear;
    }

    /// @inheritdoc IVenue
    bool public immutable bearsToken;

    Plan private _plan;
    bytes32 public asked;
    bytes32 public bornWith;
    bool public passed;
    bytes4 public answer;

    error MoodyVenue_Refuses();

    constructor(bool bears) {
        bearsToken = bears;
    }

    receive() external payable {}

    function setPlan(Plan calldata plan) external {
        _plan = plan;
        (passed, answer) = (false, 0);
    }

    /// @inheritdoc IVenue
    function list(
        Listing calldata listing
    ) external payable returns (bytes32 id, uint256 usedToken, uint256 usedCurrency, uint256 foundCurrency) {
        Plan memory plan = _plan;
        if (plan.refuses) revert MoodyVenue_Refuses();
        asked = keccak256(abi.encode(listing, msg.value));
        if (plan.call.length != 0 && !plan.callsInBear) _callBack(plan);

        usedToken = listing.tokenAmount - plan.unusedTokens;
        usedCurrency = listing.currencyAmount - plan.unusedCurrency;
        uint256 more = plan.greedy ? 1 : 0;
        IERC20(listing.token).safeTransferFrom(msg.sender, address(this), usedToken + more);
        uint256 back = plan.found;
        if (listing.currency == address(0)) {
            back += plan.unusedCurrency;
            (bool taken, ) = msg.sender.call{value: back}("");
            if (!taken) revert Venue_EtherRefused(msg.sender);
        } else {
            IERC20(listing.currency).safeTransferFrom(msg.sender, address(this), usedCurrency);
            if (back != 0) IERC20(listing.currency).safeTransfer(msg.sender, back);
        }

        return (
            bytes32(uint256(1)),
            usedToken + plan.overstatedTokens,
            usedCurrency,
            plan.found + plan.overstatedFound
        );
    }

    /// @inheritdoc IBearingVenue
    /// @dev The first is its first creation (nonce 1), whatever the salt.
    function bear(
        ShortString name,
        ShortString symbol,
        uint8 decimals,
        uint256 supply,
        bytes32 salt
    ) external returns (address) {
        bornWith = salt;
        if (_plan.callsInBear) _callBack(_plan);
        LaunchToken token = new LaunchToken(
            ShortStrings.toString(name),
            ShortStrings.toString(symbol),
            decimals,
            supply
        );
        IERC20(address(token)).safeTransfer(msg.sender, supply - _plan.kept);
        return address(token);
    }

    /// @inheritdoc IVenue
    function previewListing(Listing calldata listing) external view {
        bool concerned = _plan.refused == 0 || _plan.refused == listing.currencyAmount;
        if (_plan.refuses && concerned) revert MoodyVenue_Refuses();
    }

    function _callBack(Plan memory plan) private {
        bytes memory got;
        (passed, got) = msg.sender.call(plan.call);
        answer = bytes4(got);
    }
}
