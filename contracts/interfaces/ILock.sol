// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title Lock of listed liquidity
/// @notice One key a position → recipient, until. There is no migration, approval, transfer or generic call, and no owner.
interface ILock {
    event Locked(bytes32 indexed id, address indexed recipient, uint256 amount, uint256 until);
    event Released(bytes32 indexed id, address indexed recipient, uint256 amount);

    error Lock_Unknown(bytes32 id);
    error Lock_StillLocked(uint256 now_, uint256 until);

    /// @notice Sends the position to its recipient from the second `until` on; anybody may call it.
    function release(bytes32 id) external returns (uint256 amount);

    /// @return recipient who receives it; until 2^64−1: never; amount of liquidity
    function lockOf(bytes32 id) external view returns (address recipient, uint256 until, uint256 amount);
}

/// @title Lock of a position whose fees can be told from its principal
interface IFeeLock is ILock {
    event FeesCollected(bytes32 indexed id, address indexed recipient, uint256 amount0, uint256 amount1);

    error Lock_TooLittle(uint256 got, uint256 least);

    /// @notice Sends the position's fees to the lock's recipient; anybody may call it.
    /// @param least0 and least1 accepted of the pool's currencies; below them it reverts
    function collectFees(
        bytes32 id,
        uint256 least0,
        uint256 least1
    ) external returns (uint256 amount0, uint256 amount1);
}
