// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {ISale} from "./interfaces/ISale.sol";
import {Terms} from "./interfaces/Terms.sol";
import {IVenue, Listing} from "./interfaces/IVenue.sol";
import {TermsBounds} from "./libraries/TermsBounds.sol";
import {TermsLib} from "./libraries/TermsLib.sol";

/// @title What a sale was created with
/// @notice Every term that the sale reads later is written into its code here, where nothing can change it. Owner and signer are
/// what the terms begin with, and in storage; document and chain id are in `termsHash` alone.
abstract contract FixedTerms is ISale {
    /// @inheritdoc ISale
    bytes32 public immutable termsHash;
    /// @inheritdoc ISale
    address public immutable currency;

    /// @dev The token is a LaunchToken, made for this sale alone: here or (below) in `list`.
    bool internal immutable _isLaunchToken;
    /// @dev The LaunchToken comes in `list`, from the venue; until then there is none.
    bool internal immutable _bornInList;
    ShortString internal immutable _name;
    ShortString internal immutable _symbol;
    uint8 internal immutable _decimals;
    uint256 internal immutable _supply;
    uint256 internal immutable _currencyUnits;
    uint256 internal immutable _tokenUnits;
    uint256 internal immutable _opensAt;
    uint256 internal immutable _closesAt;
    uint256 internal immutable _coolingOff;
    uint256 internal immutable _softCap;
    uint256 internal immutable _hardCap;
    uint256 internal immutable _minPurchase;
    bool internal immutable _voucherRequired;
    bool internal immutable _ejectable;

    uint256 internal immutable _listDelay;
    uint256 internal immutable _listingDeadline;
    uint256 internal immutable _liquidityBps;
    uint256 internal immutable _listingCurrencyUnits;
    uint256 internal immutable _listingTokenUnits;
    address internal immutable _venue;
    uint24 internal immutable _feeTier;
    int24 internal immutable _tickSpacing;
    uint64 internal immutable _lockSeconds;

    uint256 internal immutable _feeBps;
    uint256 internal immutable _feeFixed;
    address internal immutable _feeRecipient;
    address internal immutable _treasury;
    uint256 internal immutable _streamSeconds;
    bool internal immutable _burnUnsold;

    uint16 internal immutable _initialBps;
    uint64 internal immutable _cliffSeconds;
    uint64 internal immutable _durationSeconds;
    uint32 internal immutable _steps;
    address internal immutable _vesting;
    bytes32 internal immutable _allocationsRoot;
    uint256 internal immutable _allocationsTotal;

    address internal immutable _compliance;
    address internal immutable _guardian;

    /// @dev Reverts unless all terms are within their bounds (`TermsBounds`).
    constructor(Terms memory t) {
        TermsBounds.check(t);

        termsHash = TermsLib.hash(t);
        currency = t.sale.currency;

        _isLaunchToken = t.token.existing == address(0);
        _bornInList = _isLaunchToken && t.listing.venue != address(0) && IVenue(t.listing.venue).bearsToken();
        if (_bornInList) {
            _name = ShortStrings.toShortString(t.token.name);
            _symbol = ShortStrings.toShortString(t.token.symbol);
            _decimals = t.token.decimals;
        }
        _supply = t.token.maxSupply;
        _currencyUnits = t.sale.price.currencyUnits;
        _tokenUnits = t.sale.price.tokenUnits;
        _opensAt = t.sale.opensAt;
        _closesAt = t.sale.closesAt;
        _coolingOff = t.sale.coolingOff;
        _softCap = t.sale.softCap;
        _hardCap = t.sale.hardCap;
        _minPurchase = t.sale.minPurchase;
        _voucherRequired = t.sale.voucherRequired;
        _ejectable = t.sale.ejectable;
        _listDelay = t.listing.delay;
        _listingDeadline = t.listing.deadline;
        _liquidityBps = t.listing.liquidityBps;
        _listingCurrencyUnits = t.listing.price.currencyUnits;
        _listingTokenUnits = t.listing.price.tokenUnits;
        _venue = t.listing.venue;
        _feeTier = t.listing.feeTier;
        _tickSpacing = t.listing.tickSpacing;
        _lockSeconds = t.listing.lockSeconds;
        _feeBps = t.payout.feeBps;
        _feeFixed = t.payout.feeFixed;
        _feeRecipient = t.payout.feeRecipient;
        _treasury = t.payout.treasury;
        _streamSeconds = t.payout.streamSeconds;
        _burnUnsold = t.payout.burnUnsold;
        _initialBps = t.vesting.buyers.initialBps;
        _cliffSeconds = t.vesting.buyers.cliffSeconds;
        _durationSeconds = t.vesting.buyers.durationSeconds;
        _steps = t.vesting.buyers.steps;
        _vesting = t.vesting.vesting;
        _allocationsRoot = t.vesting.allocationsRoot;
        _allocationsTotal = t.vesting.allocationsTotal;
        _compliance = t.roles.compliance;
        _guardian = t.roles.guardian;
    }

    /// @dev The pool for this raise: amounts whose ratio is the listing price exactly.
    function _listingFor(address token_, uint256 raised_, uint64 until) internal view returns (Listing memory) {
        uint256 net = raised_ - TermsBounds.feeOf(_feeBps, _feeFixed, raised_);
        uint256 money = TermsBounds.poolCurrency(_liquidityBps, _listingCurrencyUnits, net);
        return
            Listing({
                token: token_,
                currency: currency,
                tokenAmount: (money / _listingCurrencyUnits) * _listingTokenUnits,
                currencyAmount: money,
                feeTier: _feeTier,
                tickSpacing: _tickSpacing,
                recipient: _treasury,
                lockedUntil: until,
                salt: 0
            });
    }
}
