// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev The terms of one launch, exactly as hashed: EIP-712 struct hash `termsHash`, chain id among them.
/// Times are seconds since 1970 (`…At`, `deadline`) or durations (`…Seconds`, `delay`, `coolingOff`); money is in base
/// units of the currency; token amounts are in base units of the token; 10,000 basis points are the whole.

/// @notice The token that is sold.
struct TokenTerms {
    /// @dev Name of the LaunchToken, at most 31 bytes, or of the existing token as it answers itself.
    string name;
    string symbol;
    /// @dev At most 24; of an existing token as it answers itself.
    uint8 decimals;
    /// @dev LaunchToken: minted once, wholly. Existing token: what `fund()` escrows. Below 2^127.
    uint256 maxSupply;
    /// @dev Zero for a LaunchToken, else the token that already exists.
    address existing;
}

/// @notice `currencyUnits` of currency buy `tokenUnits` of token; two integers in lowest terms.
struct Price {
    uint256 currencyUnits;
    uint256 tokenUnits;
}

/// @notice Who may pay what, when.
struct SaleTerms {
    /// @dev Zero is the chain's native coin (ETH).
    address currency;
    Price price;
    /// @dev First second in which a purchase passes.
    uint64 opensAt;
    /// @dev First second in which no purchase passes any more.
    uint64 closesAt;
    /// @dev Seconds after a buyer's last purchase in which that buyer may withdraw in full, while open. Zero: never.
    uint64 coolingOff;
    /// @dev Multiples of `price.currencyUnits`, as is `minPurchase`; softCap ≤ hardCap < 2^96.
    uint256 softCap;
    uint256 hardCap;
    /// @dev Least position after a purchase; waived for the last fill up to the hard cap.
    uint256 minPurchase;
    /// @dev False: open mode; anyone buys, the buyer passes nonce and order id itself.
    bool voucherRequired;
    /// @dev True: compliance may return a buyer's money to that buyer until finalisation.
    bool ejectable;
}

/// @notice When, where and at which price the token is listed.
struct ListingTerms {
    /// @dev Seconds between finalise and the first second in which anybody may list; at least an hour.
    uint64 delay;
    /// @dev First second in which nothing lists any more and refunds are open; ≥ closesAt + delay + 3 days.
    uint64 deadline;
    /// @dev Part of (raised − fee) that goes into the pool. Zero: no pool, and no venue.
    uint16 liquidityBps;
    /// @dev At least the sale price; `currencyUnits` at most a hundredth of the pool at the soft cap.
    Price price;
    /// @dev Adapter and lock in one; only canonical venues are accepted off chain.
    address venue;
    /// @dev In hundredths of a basis point, as Uniswap counts; 3000 on v2.
    uint24 feeTier;
    /// @dev Zero on v2.
    int24 tickSpacing;
    /// @dev Seconds after listing in which the liquidity cannot leave; 2^64−1: never (burned).
    uint64 lockSeconds;
}

/// @notice Who receives what is not the buyers'.
struct PayoutTerms {
    uint16 feeBps;
    /// @dev In currency, on top of `feeBps`; both together at most 10 % of the soft cap.
    uint256 feeFixed;
    address feeRecipient;
    /// @dev Receives the raise (after pool and fee), unsold tokens where not burned, and the liquidity after its lock.
    address treasury;
    /// @dev The treasury's money is released linearly over these seconds from listing. Zero: at once.
    uint64 streamSeconds;
    /// @dev True: unsold tokens are burned (an existing token: sent to 0x…dEaD). False: to the treasury.
    bool burnUnsold;
}

/// @notice Release of an amount over time, counted from listing. `libraries/ScheduleLib` has the formula.
struct Schedule {
    /// @dev Part released at listing.
    uint16 initialBps;
    /// @dev Nothing but the initial part before it; at most `durationSeconds`.
    uint64 cliffSeconds;
    /// @dev Everything is released after it. Zero: everything at listing.
    uint64 durationSeconds;
    /// @dev Zero: linear; n: in n equal steps over the duration.
    uint32 steps;
}

/// @notice Vesting of buyers, team and others.
struct VestingTerms {
    /// @dev The canonical Vesting contract.
    address vesting;
    Schedule buyers;
    /// @dev Merkle root over `IVesting.Allocation`s; zero when there are none.
    bytes32 allocationsRoot;
    uint256 allocationsTotal;
}

/// @notice The paper that buyers are shown.
struct DocumentTerms {
    /// @dev keccak256 of the file's bytes.
    bytes32 hash;
    string uri;
}

/// @notice Keys with a power, each described in `ISale`. Zero: nobody has that power.
struct RoleTerms {
    address owner;
    address compliance;
    address guardian;
    /// @dev The first signer and its static bounds; further ones are added by the owner.
    address signer;
    uint256 signerMaxCap;
    uint64 signerMaxWindow;
}

struct Terms {
    uint256 chainId;
    TokenTerms token;
    SaleTerms sale;
    ListingTerms listing;
    PayoutTerms payout;
    VestingTerms vesting;
    DocumentTerms document;
    RoleTerms roles;
}
