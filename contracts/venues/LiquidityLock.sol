// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ILock} from "../interfaces/ILock.sol";

/// @notice Base of the venues: holds each position for its recipient until its time. Never: `until` = 2^64−1.
abstract contract LiquidityLock is ILock {
    struct Lock {
        address recipient;
        uint64 until;
        uint256 amount;
    }

    mapping(bytes32 id => Lock) private _locks;

    /// @inheritdoc ILock
    function release(bytes32 id) external returns (uint256 amount) {
        Lock memory lock = _locks[id];
        if (lock.recipient == address(0)) revert Lock_Unknown(id);
        if (block.timestamp < lock.until || lock.until == type(uint64).max) {
            revert Lock_StillLocked(block.timestamp, lock.until);
        }

        delete _locks[id];
        amount = lock.amount;
        emit Released(id, lock.recipient, amount);

        _handOver(id, lock.recipient, amount);
    }

    /// @inheritdoc ILock
    function lockOf(bytes32 id) public view returns (address recipient, uint256 until, uint256 amount) {
        Lock storage lock = _locks[id];
        return (lock.recipient, lock.until, lock.amount);
    }

    /// @dev The venue makes sure that `id` was never locked before.
    function _lock(bytes32 id, address recipient, uint64 until, uint256 amount) internal {
        _locks[id] = Lock(recipient, until, amount);
        emit Locked(id, recipient, amount, until);
    }

    function _handOver(bytes32 id, address recipient, uint256 amount) internal virtual;
}
