// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Terms} from "./Terms.sol";

/// @notice What is stored; `Phase` follows from it, the totals and the clock.
enum Stage {
    Unfunded, // an existing token is not escrowed yet
    Active,
    Paused, // as Active, but no purchase passes before the pause ends
    Filled, // hard cap reached where there is no cooling-off: closed early, for good
    Succeeded, // finalised
    Listed,
    Failed // declared by the guardian
}

/// @notice Where a launch stands. Half-open edges: a phase begins in the second of its edge.
///
/// | phase     | begins                                             | what may happen                                 |
/// |-----------|----------------------------------------------------|-------------------------------------------------|
/// | Unfunded  | creation, existing tokens only                     | fund                                            |
/// | Pending   | creation or fund                                   | invalidate, pause                               |
/// | Open      | opensAt                                            | purchase, withdraw, eject, invalidate, pause    |
/// | Closed    | closesAt, or the hard cap without cooling-off      | finalise, eject, invalidate                     |
/// | Succeeded | finalise                                           | list, after the listing delay                   |
/// | Listed    | list                                               | claim, release of treasury, fee, unsold tokens  |
/// | Failed    | guardian; closed below soft cap; listing deadline; | refund, release of unsold tokens                |
/// |           | opensAt while unfunded                             |                                                 |
///
/// The guardian can end it in each phase before Succeeded, and there until the listing delay is over.
enum Phase {
    Unfunded,
    Pending,
    Open,
    Closed,
    Succeeded,
    Listed,
    Failed
}

/// @notice Kinds of history entries; each moves the buyer's nonce.
enum Kind {
    Purchase,
    Withdraw,
    Invalidate,
    Eject
}

/// @notice The signer's permit for one order. EIP-712 type
/// `Voucher(address buyer,uint256 nonce,uint256 cumulativeCap,uint256 validFrom,uint256 validUntil,bytes32 orderId)`;
/// `buyer` is `msg.sender` and therefore no field here.
struct Voucher {
    /// @dev Equals the buyer's nonce on chain, and is consumed.
    uint256 nonce;
    /// @dev The buyer's position never exceeds it, however many vouchers there are.
    uint256 cumulativeCap;
    /// @dev Valid while validFrom ≤ now < validUntil.
    uint256 validFrom;
    uint256 validUntil;
    bytes32 orderId;
}

/// @title One sale of one token at one price in one currency
/// @notice Terms are fixed at creation; there is no setter, no proxy and no way for any key to move money anywhere but
/// back to the buyer who paid it or, after a correct listing, into the locked pool, the fee and the treasury.
/// @dev Trusts the currency to be a plain ERC-20. A purchase of which not exactly the fill arrives is refused; a rebase after
/// it is not seen here (`launch plan` refuses the kinds it knows); one that blocklists a buyer holds up that buyer only.
/// Trusts `terms.listing.venue` and `terms.vesting.vesting` to be canonical (checked off chain against their CREATE2
/// addresses), and the compliance and guardian roles for what they may stop.
interface ISale {
    // ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice All terms, once, at creation.
    event Created(bytes32 indexed termsHash, address indexed token, bytes19 history, Terms terms);
    event Funded(address indexed by, uint256 amount);
    /// @notice History entries; `history` is the running hash after the entry, `nonce` the one it consumed.
    event Purchased(address indexed buyer, bytes32 indexed orderId, uint256 nonce, uint256 amount, bytes19 history);
    event Withdrawn(address indexed buyer, uint256 nonce, uint256 amount, bytes19 history);
    /// @notice Here `nonce` is the buyer's next valid one.
    event Invalidated(address indexed buyer, uint256 nonce, bytes19 history);
    event Ejected(address indexed buyer, uint256 nonce, uint256 amount, bytes19 history);
    event Paused(uint256 until);
    event DeclaredFailed();
    event Finalised(uint256 raised, bytes19 history, uint256 settledAt);
    /// @notice In `list`, where the venue bears the token (v3): `token()` from here on.
    event TokenBorn(address indexed token);
    /// @param id the pool as the venue names it
    event Listed(
        bytes32 indexed id,
        uint256 poolTokens,
        uint256 poolCurrency,
        uint256 fee,
        uint256 treasury,
        uint256 unsold
    );
    event Claimed(address indexed buyer, uint256 tokens);
    event Refunded(address indexed buyer, uint256 amount);
    event EjectedReleased(address indexed buyer, uint256 amount);
    event FeeReleased(address indexed recipient, uint256 amount);
    event TreasuryReleased(address indexed treasury, uint256 amount);
    /// @param to zero: burned
    event UnsoldReleased(address indexed to, uint256 tokens);
    event SignerAdded(address indexed signer, uint256 maxCap, uint256 maxWindow);
    event SignerStruckOff(address indexed signer);

    // ── Errors: one for each failure, with got and wanted ────────────────────────────────────────────────────────────

    /// @notice A term is out of its bounds at creation.
    error Sale_TermsInvalid(string field, uint256 got, uint256 wanted);
    error Sale_WrongPhase(Phase got, Phase wanted);
    error Sale_NotAuthorised(address got, address wanted);
    error Sale_Paused(uint256 until);
    error Sale_PauseSpent(uint256 until);
    error Sale_PauseTooLong(uint256 got, uint256 most);
    error Sale_NonceUsed(uint256 got, uint256 wanted);
    error Sale_NonceAhead(uint256 got, uint256 wanted);
    error Sale_NonceExhausted();
    error Sale_VoucherNotYetValid(uint256 now_, uint256 validFrom);
    error Sale_VoucherExpired(uint256 now_, uint256 validUntil);
    error Sale_SignerUnknown(address got);
    error Sale_SignerRemoved(address got);
    error Sale_SignerKnown(address got);
    error Sale_SignatureInvalid(address signer);
    error Sale_SignerCapExceeded(uint256 got, uint256 most);
    error Sale_SignerWindowExceeded(uint256 got, uint256 most);
    error Sale_CapExceeded(uint256 got, uint256 most);
    error Sale_SoldOut();
    error Sale_AmountTooSmall(uint256 got, uint256 least);
    error Sale_BelowMinimum(uint256 got, uint256 least);
    error Sale_FillBelowLeast(uint256 got, uint256 least);
    error Sale_WrongValue(uint256 got, uint256 wanted);
    error Sale_WrongReceived(uint256 got, uint256 wanted);
    error Sale_EtherRefused(address from);
    error Sale_EtherNotTaken(address to);
    error Sale_NothingPaid(address buyer);
    error Sale_CoolingOffOver(uint256 now_, uint256 until);
    error Sale_NotEjectable();
    error Sale_ListingTooEarly(uint256 now_, uint256 opensAt);
    error Sale_FailureTooLate(uint256 now_, uint256 until);
    error Sale_HistoryMismatch(bytes19 got, bytes19 wanted);
    error Sale_VenueMisreported(uint256 got, uint256 wanted);
    error Sale_NothingToRelease();

    // ── Buying: the buyer, for itself ────────────────────────────────────────────────────────────────────────────────

    /// @notice Buys for `msg.sender`, with ETH (`msg.value == amount`) or an allowance of at least the fill.
    /// @param amount offered, in currency; the fill is the lesser of it and what is left to the hard cap, rounded down to a
    /// multiple of `price.currencyUnits`. ETH in excess of the fill returns to `msg.sender` in the same call.
    /// @param leastFill reverts with `Sale_FillBelowLeast` below it
    /// @param voucher in open mode the buyer's own: `nonce`, `orderId` and its own cap and window
    /// @param signature 64 bytes (EIP-2098) or 65 bytes of an EOA signer; or the address of an ERC-1271 signer (20 bytes)
    /// followed by what it is asked to accept, of any length but 44 and 45 bytes; empty in open mode
    /// @return fill what was paid and recorded
    function purchase(
        uint256 amount,
        uint256 leastFill,
        Voucher calldata voucher,
        bytes calldata signature
    ) external payable returns (uint256 fill);

    /// @notice As `purchase`, after trying an ERC-2612 permit of `amount` (its failure alone stops nothing: somebody may
    /// have used it already).
    function purchaseWithPermit(
        uint256 amount,
        uint256 leastFill,
        Voucher calldata voucher,
        bytes calldata signature,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 fill);

    /// @notice As `purchase`, paid by an EIP-3009 `receiveWithAuthorization` of exactly `amount`, with nonce = `orderId`,
    /// validAfter = 0 and validBefore = `voucher.validUntil`. What is not filled returns in the same call.
    function purchaseWithAuthorization(
        uint256 amount,
        uint256 leastFill,
        Voucher calldata voucher,
        bytes calldata signature,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external returns (uint256 fill);

    /// @notice Says beforehand whether a purchase by `buyer` passes now: the fill, or the same error. Payment itself
    /// (balance, allowance) is not looked at.
    function previewPurchase(
        address buyer,
        uint256 amount,
        uint256 leastFill,
        Voucher calldata voucher,
        bytes calldata signature
    ) external view returns (uint256 fill);

    /// @notice Returns the whole position to `msg.sender`, while open and within `coolingOff` of its last purchase: each
    /// purchase begins it anew for all that was bought before.
    function withdraw() external returns (uint256 amount);

    // ── Exits: anybody may call them, only the one named is paid ─────────────────────────────────────────────────────

    /// @notice In Failed: returns `buyer` everything it paid.
    function refund(address buyer) external returns (uint256 amount);

    /// @notice Pays an ejected buyer back, in any phase.
    function releaseEjected(address buyer) external returns (uint256 amount);

    /// @notice In Listed: sends `buyer` the tokens vested and not yet claimed; rounds down to the tokens of whole
    /// `price.currencyUnits`.
    function claim(address buyer) external returns (uint256 tokens);

    // ── Progress: anybody ────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Escrows `maxSupply` of an existing token from `msg.sender`; Unfunded only. Reverts with `Sale_TermsInvalid` when
    /// the currency moves with it, which is the same asset under another address.
    function fund() external;

    /// @notice In Closed: fixes success and freezes the history. O(1) in buyers.
    function finalise() external;

    /// @notice In Succeeded, from `settledAt + delay` on: creates the pool at the price of the terms, locks its liquidity,
    /// opens claims. O(1) in buyers. Whoever calls it may also buy in the same transaction.
    /// @param history must equal the sale's: a caller with a stale or forked copy changes nothing
    function list(bytes19 history) external returns (bytes32 id);

    /// @notice As `list`, with a salt for what the venue bears (`list` gives zero): v3's token, a v4 hook for an existing token.
    /// Each venue says how to choose it; others disregard it. A salt that fails changes nothing, and the next is free.
    function listWithSalt(bytes19 history, bytes32 salt) external returns (bytes32 id);

    /// @notice Pays the fee to its recipient; Listed.
    function releaseFee() external returns (uint256 amount);

    /// @notice Pays the treasury what has streamed and was not paid yet; Listed. Rounds down.
    function releaseTreasury() external returns (uint256 amount);

    /// @notice Listed: burns the unsold tokens or sends them to the treasury, as the terms say. Failed: burns a
    /// LaunchToken, returns an existing token to the treasury; first takes back what Vesting held.
    function releaseUnsold() external returns (uint256 tokens);

    // ── Roles ────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Owner: admits a signer (EOA or ERC-1271) with bounds that never change.
    function addSigner(address signer, uint256 maxCap, uint256 maxWindow) external;

    /// @notice Owner: ends a signer for ever; its vouchers stop at once.
    function strikeOffSigner(address signer) external;

    /// @notice Compliance, from Pending to Closed: voids the buyer's vouchers below `nonce`, which is higher than the buyer's.
    function invalidate(address buyer, uint256 nonce) external;

    /// @notice Compliance, where ejectable, in Open and Closed: the buyer's money becomes refundable at once.
    function eject(address buyer) external;

    /// @notice Guardian, once, in Pending or Open: no purchase passes for `seconds_` (at most 72 h). Exits are untouched.
    function pause(uint256 seconds_) external;

    /// @notice Guardian: until `settledAt + delay`, turns the launch to Failed for good.
    function declareFailed() external;

    // ── Views ────────────────────────────────────────────────────────────────────────────────────────────────────────

    function phase() external view returns (Phase);
    function termsHash() external view returns (bytes32);
    /// @notice The sold token; zero until listed where the venue bears it (v3).
    function token() external view returns (address);
    /// @notice Zero: ETH.
    function currency() external view returns (address);
    function settledAt() external view returns (uint256);
    function listedAt() external view returns (uint256);
    /// @notice Money in positions; frozen at finalise or failure, not lowered by refunds.
    function raised() external view returns (uint256);
    function stage() external view returns (Stage);
    /// @notice Running hash over all entries.
    function history() external view returns (bytes19);
    /// @return paid currency; claimed currency whose tokens were claimed; nonce next valid; paidAt last purchase, seconds
    function positionOf(
        address buyer
    ) external view returns (uint256 paid, uint256 claimed, uint256 nonce, uint256 paidAt);
    /// @notice Currency that `releaseEjected` pays.
    function ejectedOf(address buyer) external view returns (uint256);
    /// @notice Tokens that `claim` would send now.
    function claimable(address buyer) external view returns (uint256 tokens);
    /// @return status 0 unknown, 1 admitted, 2 struck off
    function signerOf(address signer) external view returns (uint8 status, uint256 maxCap, uint256 maxWindow);
    function pausedUntil() external view returns (uint256);
    /// @notice Money owed once listed, base units; `unsold` in tokens. `treasuryPaid` is the part of `treasury` paid out.
    function credits() external view returns (uint256 fee, uint256 treasury, uint256 treasuryPaid, uint256 unsold);
    /// @notice The EIP-712 digest a signer signs for this voucher.
    function voucherDigest(address buyer, Voucher calldata voucher) external view returns (bytes32);
    function domainSeparator() external view returns (bytes32);
}
