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
        bytes32 hash;
        (bytes32 history_, uint256 kind_, uint256 buyer_) = (history, uint256(kind), uint160(buyer));
        // keccak256(abi.encode(history, kind, buyer, nonce, amount, orderId)), in memory that stays free.
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, history_)
            mstore(add(m, 0x20), kind_)
            mstore(add(m, 0x40), buyer_)
            mstore(add(m, 0x60), nonce)
            mstore(add(m, 0x80), amount)
            mstore(add(m, 0xa0), orderId)
            hash := keccak256(m, 0xc0)
        }
        return bytes19(hash);
    }
}
