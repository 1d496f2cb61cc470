// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @notice The part of EIP-3009 that a purchase uses; `to` must be the caller.
interface IReceiveWithAuthorization {
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;
}
