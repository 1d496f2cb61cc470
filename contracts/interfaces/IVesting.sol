// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Schedule} from "./Terms.sol";

/// @title Vesting of team and other allocations, for all sales of a chain
/// @notice Each sale registers one Merkle root and escrows its total; allocations are proved when they are used, so
/// creation costs the same for any number of them. The clock starts at the sale's `listedAt`. Ownerless.
/// @dev Leaf: keccak256(bytes.concat(keccak256(abi.encode(allocation)))), tree as OpenZeppelin's StandardMerkleTree.
/// Books are kept for each leaf, so that none decides over another, and for each sale: a root that promises more than its
/// total runs dry without touching another sale.
interface IVesting {
    struct Allocation {
        /// @dev Its place in the list; makes each leaf unique.
        uint256 index;
        address beneficiary;
        /// @dev Base units of the token; below 2^128.
        uint256 amount;
        Schedule schedule;
        /// @dev Zero: cannot be revoked.
        address revoker;
    }

    event Registered(address indexed sale, address indexed token, bytes32 root, uint256 total, address treasury);
    event Claimed(address indexed sale, uint256 indexed index, address indexed beneficiary, uint256 tokens);
    event Revoked(address indexed sale, uint256 indexed index, uint256 vested, uint256 returned);
    event BeneficiaryChanged(address indexed sale, uint256 indexed index, address indexed beneficiary);
    event ReturnedToSale(address indexed sale, uint256 tokens);

    error Vesting_AlreadyRegistered(address sale);
    error Vesting_Unknown(address sale);
    error Vesting_ProofInvalid(uint256 index);
    error Vesting_NothingToClaim(uint256 index);
    error Vesting_NotRevoker(address got, address wanted);
    error Vesting_AlreadyRevoked(uint256 index);
    error Vesting_NotBeneficiary(address got, address wanted);
    error Vesting_BeneficiaryZero();
    error Vesting_SaleNotFailed(address sale);
    error Vesting_SaleNotListed(address sale);
    error Vesting_WrongReceived(uint256 got, uint256 wanted);
    error Vesting_TotalExceeded(uint256 got, uint256 most);

    /// @notice The sale itself, once; takes `total` tokens of the caller by allowance, exactly.
    function register(address token, bytes32 root, uint256 total, address treasury) external;

    /// @notice Pays the allocation's beneficiary what has vested; anybody may call it.
    function claimFor(
        address sale,
        Allocation calldata allocation,
        bytes32[] calldata proof
    ) external returns (uint256 tokens);

    /// @notice The revoker, once listed, ends an allocation now: what has vested stays the beneficiary's, the rest goes to the treasury.
    function revoke(
        address sale,
        Allocation calldata allocation,
        bytes32[] calldata proof
    ) external returns (uint256 returned);

    /// @notice The present beneficiary hands the allocation on.
    function changeBeneficiary(
        address sale,
        Allocation calldata allocation,
        bytes32[] calldata proof,
        address beneficiary
    ) external;

    /// @notice Sends everything back to a sale that failed; anybody may call it.
    function returnToSale(address sale) external returns (uint256 tokens);

    /// @notice Base units released at second `time` if the sale was, or were, listed at `listedAt`; revocation disregarded.
    function vestedAt(Allocation calldata allocation, uint256 listedAt, uint256 time) external pure returns (uint256);

    /// @notice The whole schedule for a chart: `vestedAt` at `intervals` + 1 seconds, evenly from `listedAt` to the end, both
    /// among them.
    /// @param intervals one at least: 0 divides by zero
    /// @return times seconds, each rounded down; vested base units
    function curveOf(
        Allocation calldata allocation,
        uint256 listedAt,
        uint256 intervals
    ) external pure returns (uint256[] memory times, uint256[] memory vested);

    /// @return claimed base units paid; revokedAt zero while it runs; beneficiary zero until changed
    function stateOf(
        address sale,
        Allocation calldata allocation
    ) external view returns (uint256 claimed, uint256 revokedAt, address beneficiary);

    function grantOf(
        address sale
    ) external view returns (address token, bytes32 root, uint256 remaining, address treasury);
}
