// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Kind} from "../interfaces/ISale.sol";

/// @notice The running hash of a sale's history: 19 bytes, so that it shares a slot with the totals.
library HistoryLib {
    /// @param domain EIP-712 domain separator of the sale at its creation
    function start(bytes32 domain, bytes32 termsHash) internal pure returns (bytes19) {
        return bytes19(keccak256(abi.encodePacked(hex"1901", domain, termsHash)));
    }

    function next(
        bytes19 history,
        Kind kind,
        address buyer,
        uint256 nonce,
        uint256 amount,
        bytes32 orderId
    ) internal pure returns (bytes19) {
        return bytes19(keccak256(abi.encode(history, kind, buyer, nonce, amount, orderId)));
    }
}
