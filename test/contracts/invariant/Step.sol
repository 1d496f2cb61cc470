// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Voucher} from "../../../contracts/interfaces/ISale.sol";
import {Mood} from "../../../contracts/mocks/MoodyToken.sol";
import {MoodyVenue} from "../../../contracts/mocks/MoodyVenue.sol";

enum Action {
    Purchase,
    PurchaseWithPermit,
    PurchaseWithAuthorization,
    Withdraw,
    Refund,
    ReleaseEjected,
    Claim,
    Fund,
    Finalise,
    List,
    ReleaseFee,
    ReleaseTreasury,
    ReleaseUnsold,
    AddSigner,
    StrikeOffSigner,
    Invalidate,
    Eject,
    Pause,
    DeclareFailed,
    TransferOwnership,
    AcceptOwnership,
    RenounceOwnership,
    SendEther,
    UnknownCall,
    VestingRegister,
    VestingClaimFor,
    VestingRevoke,
    VestingChangeBeneficiary,
    VestingReturnToSale
}

/// @notice One call, the world it meets, and what must come of it.
struct Step {
    Action action;
    address from;
    address to;
    uint256 value;
    bytes data;
    /// Revert data. With neither it nor `bare` the call passes.
    bytes wanted;
    /// Reverts without data.
    bool bare;
    // What the books need to note it.
    address who;
    address other;
    uint256 amount;
    uint256 extra;
    /// Of a listing, its salt is the order id.
    Voucher voucher;
    bytes signature;
    /// What `_check` of a purchase says, payment aside.
    bytes checkWanted;
    // The world it meets: a token in a mood, a buyer's code, a venue.
    Mood mood;
    address moody;
    address moodAt;
    bool refuses;
    Reentry reentry;
    bytes reentryCall;
    MoodyVenue.Plan plan;
}

enum Reentry {
    None,
    Guarded,
    Finalise,
    Vesting,
    Money
}
