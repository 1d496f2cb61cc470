// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title A place where launches are announced
/// @notice It announces and decides nothing: anybody may announce any contract. Readers check code and address first.
interface ILaunchRegistry {
    event Announced(address indexed sale, bytes32 indexed termsHash, address indexed by);

    /// @notice Emits the sale's own `termsHash`; reverts where `sale` does not answer one.
    function announce(address sale) external;
}
