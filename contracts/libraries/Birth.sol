// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @notice Proof that a contract was the first one its creator ever created.
library Birth {
    /// @notice CREATE address for nonce 1: keccak256(rlp([creator, 1])), Yellow Paper §7; nonces start at 1 (EIP-161).
    function firstOf(address creator) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", creator, hex"01")))));
    }
}
