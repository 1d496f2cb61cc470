// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {ISale, Phase} from "./interfaces/ISale.sol";
import {IVesting} from "./interfaces/IVesting.sol";
import {ScheduleLib} from "./libraries/ScheduleLib.sol";

contract Vesting is IVesting {
    using SafeERC20 for IERC20;

    struct Grant {
        address token;
        address treasury;
        bytes32 root;
        uint256 remaining;
    }

    struct State {
        address beneficiary;
        uint64 revokedAt;
        uint256 claimed;
    }

    mapping(address sale => Grant) private _grants;
    mapping(address sale => mapping(bytes32 leaf => State)) private _states;

    /// @inheritdoc IVesting
    function register(address token, bytes32 root, uint256 total, address treasury) external {
        if (_grants[msg.sender].token != address(0)) revert Vesting_AlreadyRegistered(msg.sender);

        _grants[msg.sender] = Grant(token, treasury, root, total);
        emit Registered(msg.sender, token, root, total, treasury);

        // Taken, never believed: a grant without its tokens would be paid out of other sales'.
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), total);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        if (received != total) revert Vesting_WrongReceived(received, total);
    }

    /// @inheritdoc IVesting
    function claimFor(
        address sale,
        Allocation calldata allocation,
        bytes32[] calldata proof
    ) external returns (uint256 tokens) {
        State storage state = _prove(sale, allocation, proof);

        tokens = _vested(sale, allocation, state.revokedAt) - state.claimed;
        if (tokens == 0) revert Vesting_NothingToClaim(allocation.index);

        state.claimed += tokens;
        address beneficiary = _beneficiaryOf(state, allocation);
        emit Claimed(sale, allocation.index, beneficiary, tokens);

        _pay(sale, beneficiary, tokens);
    }

    /// @inheritdoc IVesting
    function revoke(
        address sale,
        Allocation calldata allocation,
        bytes32[] calldata proof
    ) external returns (uint256 returned) {
        State storage state = _prove(sale, allocation, proof);
        if (msg.sender != allocation.revoker) revert Vesting_NotRevoker(msg.sender, allocation.revoker);
        if (state.revokedAt != 0) revert Vesting_AlreadyRevoked(allocation.index);
        // Before listing no token may leave (pools could be poisoned with it); after a failure all belongs to the sale.
        if (ISale(sale).phase() != Phase.Listed) revert Vesting_SaleNotListed(sale);

        state.revokedAt = uint64(block.timestamp);
        uint256 vested = _vested(sale, allocation, block.timestamp);
        returned = allocation.amount - vested;
        emit Revoked(sale, allocation.index, vested, returned);

        _pay(sale, _grants[sale].treasury, returned);
    }

    /// @inheritdoc IVesting
    function changeBeneficiary(
        address sale,
        Allocation calldata allocation,
        bytes32[] calldata proof,
        address beneficiary
    ) external {
        State storage state = _prove(sale, allocation, proof);
        address current = _beneficiaryOf(state, allocation);
        if (msg.sender != current) revert Vesting_NotBeneficiary(msg.sender, current);
        if (beneficiary == address(0)) revert Vesting_BeneficiaryZero();

        state.beneficiary = beneficiary;
        emit BeneficiaryChanged(sale, allocation.index, beneficiary);
    }

    /// @inheritdoc IVesting
    function returnToSale(address sale) external returns (uint256 tokens) {
        if (_grants[sale].token == address(0)) revert Vesting_Unknown(sale);
        if (ISale(sale).phase() != Phase.Failed) revert Vesting_SaleNotFailed(sale);

        tokens = _grants[sale].remaining;
        emit ReturnedToSale(sale, tokens);

        _pay(sale, sale, tokens);
    }

    /// @inheritdoc IVesting
    function vestedAt(Allocation calldata allocation, uint256 listedAt, uint256 time) public pure returns (uint256) {
        if (listedAt == 0 || time < listedAt) return 0;
        // Allocations pass no bounds when they are registered: more than all at once is all at once.
        if (allocation.schedule.initialBps >= 10_000) return allocation.amount;
        return ScheduleLib.vested(allocation.schedule, allocation.amount, time - listedAt);
    }

    /// @inheritdoc IVesting
    function curveOf(
        Allocation calldata allocation,
        uint256 listedAt,
        uint256 intervals
    ) external pure returns (uint256[] memory times, uint256[] memory vested) {
        times = new uint256[](intervals + 1);
        vested = new uint256[](intervals + 1);
        for (uint256 i = 0; i <= intervals; ++i) {
            times[i] = listedAt + (allocation.schedule.durationSeconds * i) / intervals;
            vested[i] = vestedAt(allocation, listedAt, times[i]);
        }
    }

    /// @inheritdoc IVesting
    function stateOf(
        address sale,
        Allocation calldata allocation
    ) external view returns (uint256 claimed, uint256 revokedAt, address beneficiary) {
        State storage state = _states[sale][_leafOf(allocation)];
        return (state.claimed, state.revokedAt, state.beneficiary);
    }

    /// @inheritdoc IVesting
    function grantOf(
        address sale
    ) external view returns (address token, bytes32 root, uint256 remaining, address treasury) {
        Grant storage grant = _grants[sale];
        return (grant.token, grant.root, grant.remaining, grant.treasury);
    }

    function _prove(
        address sale,
        Allocation calldata allocation,
        bytes32[] calldata proof
    ) private view returns (State storage) {
        Grant storage grant = _grants[sale];
        if (grant.token == address(0)) revert Vesting_Unknown(sale);

        bytes32 leaf = _leafOf(allocation);
        if (!MerkleProof.verifyCalldata(proof, grant.root, leaf)) revert Vesting_ProofInvalid(allocation.index);

        return _states[sale][leaf];
    }

    function _leafOf(Allocation calldata allocation) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(allocation))));
    }

    function _beneficiaryOf(State storage state, Allocation calldata allocation) private view returns (address) {
        return state.beneficiary == address(0) ? allocation.beneficiary : state.beneficiary;
    }

    function _vested(address sale, Allocation calldata allocation, uint256 revokedAt) private view returns (uint256) {
        uint256 time = revokedAt == 0 ? block.timestamp : revokedAt;
        return vestedAt(allocation, ISale(sale).listedAt(), time);
    }

    /// @dev The sale's own escrow is the bound, whatever its root promises.
    function _pay(address sale, address to, uint256 tokens) private {
        Grant storage grant = _grants[sale];
        if (tokens > grant.remaining) revert Vesting_TotalExceeded(tokens, grant.remaining);

        grant.remaining -= tokens;
        IERC20(grant.token).safeTransfer(to, tokens);
    }
}
