// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Voucher} from "../interfaces/ISale.sol";

/// @notice EIP-712 struct hash of a voucher.
library VoucherLib {
    bytes32 internal constant TYPE_HASH = keccak256(
        "Voucher(address buyer,uint256 nonce,uint256 cumulativeCap,uint256 validFrom,uint256 validUntil,bytes32 orderId)"
    );

    function hash(address buyer, Voucher calldata v) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPE_HASH, buyer, v.nonce, v.cumulativeCap, v.validFrom, v.validUntil, v.orderId));
    }
}
