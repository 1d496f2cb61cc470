// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Voucher} from "../interfaces/ISale.sol";

/// @notice EIP-712 struct hash of a voucher.
library VoucherLib {
    bytes32 internal constant TYPE_HASH = keccak256(
        "Voucher(address buyer,uint256 nonce,uint256 cumulativeCap,uint256 validFrom,uint256 validUntil,bytes32 orderId)"
    );

    function hash(address buyer, Voucher calldata v) internal pure returns (bytes32 hash_) {
        (bytes32 type_, uint256 buyer_) = (TYPE_HASH, uint160(buyer));
        // keccak256(abi.encode(TYPE_HASH, buyer, v)), in memory that stays free; the voucher's five words lie in calldata
        // as they are encoded.
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, type_)
            mstore(add(m, 0x20), buyer_)
            calldatacopy(add(m, 0x40), v, 0xa0)
            hash_ := keccak256(m, 0xe0)
        }
    }
}
