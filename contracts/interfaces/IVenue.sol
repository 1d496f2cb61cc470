// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ShortString} from "@openzeppelin/contracts/utils/ShortStrings.sol";

/// @notice What a sale asks a venue to list.
struct Listing {
    address token;
    /// @dev Zero: ETH, sent along.
    address currency;
    /// @dev Both in base units; their ratio is the listing price exactly.
    uint256 tokenAmount;
    uint256 currencyAmount;
    uint24 feeTier;
    int24 tickSpacing;
    /// @dev Who receives the liquidity after the lock, and fees where the venue can tell them apart.
    address recipient;
    /// @dev First second of release; 2^64−1: never.
    uint64 lockedUntil;
    /// @dev Chosen by whoever lists, where the venue bears something in `list`; see each venue.
    bytes32 salt;
}

/// @title Adapter to one DEX and lock of the liquidity it creates
/// @notice Ownerless, one deployment a chain. Nobody can take a pool from a sale by listing its token first: each venue
/// says how it keeps that.
interface IVenue {
    error Venue_NotBornHere(address got, address wanted);
    error Venue_FeeTier(uint256 got, uint256 wanted);
    error Venue_TickSpacing(int256 got, int256 wanted);
    error Venue_AmountTooLarge(uint256 got, uint256 most);
    error Venue_AmountTooSmall(uint256 got, uint256 least);
    error Venue_PriceOutOfRange(uint256 sqrtPriceX96, uint256 least, uint256 most);
    error Venue_WrongValue(uint256 got, uint256 wanted);
    error Venue_AlreadyLive(address pool);
    error Venue_PriceMissed(uint256 gotToken, uint256 gotCurrency);
    error Venue_EtherRefused(address from);

    /// @notice Creates or takes over the pool at exactly the listing's price and locks its liquidity.
    /// @dev Pulls no more than the pool takes from `msg.sender` (allowances of exactly the amounts, or ETH), returns unused
    /// ETH and whatever others had left in the pool to `msg.sender`.
    /// @return id the pool; usedToken and usedCurrency taken from the caller; foundCurrency strangers' money sent to it
    function list(
        Listing calldata listing
    ) external payable returns (bytes32 id, uint256 usedToken, uint256 usedCurrency, uint256 foundCurrency);

    /// @notice Reverts with the reason where the venue cannot list this for `msg.sender`, whatever anybody does. A sale asks
    /// when it is created, so that no sale takes money for a listing that cannot be.
    function previewListing(Listing calldata listing) external view;

    /// @notice True where a sale's own token must be born within `list`, through `IBearingVenue`.
    function bearsToken() external view returns (bool);
}

/// @title A venue whose pools could be prepared if the token's address were known: it bears the token itself
/// @notice A sale is created without a token, previews with `token` zero, and calls `bear` and `list` in one transaction.
interface IBearingVenue is IVenue {
    /// @notice Creates the caller's LaunchToken and sends it the whole supply.
    /// @param salt with the caller and the token's own terms it decides the address
    function bear(
        ShortString name,
        ShortString symbol,
        uint8 decimals,
        uint256 supply,
        bytes32 salt
    ) external returns (address token);
}
