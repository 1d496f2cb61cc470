// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Voucher} from "../interfaces/ISale.sol";

/// @notice EIP-712 digest of a voucher: what a signer signs.
library VoucherLib {
    bytes32 internal constant TYPE_HASH = keccak256(
        "Voucher(address buyer,uint256 nonce,uint256 cumulativeCap,uint256 validFrom,uint256 validUntil,bytes32 orderId)"
    );

    /// @dev keccak256(0x1901 ‖ domain ‖ keccak256(abi.encode(TYPE_HASH, buyer, v))), in memory that stays free. The
    /// voucher's five words lie in calldata as they are encoded.
    function digest(bytes32 domain, address buyer, Voucher calldata v) internal pure returns (bytes32 digest_) {
        (bytes32 type_, uint256 buyer_) = (TYPE_HASH, uint160(buyer));
        assembly ("memory-safe") {
            let m := mload(0x40)
            mstore(m, type_)
            mstore(add(m, 0x20), buyer_)
            calldatacopy(add(m, 0x40), v, 0xa0)
            let hash := keccak256(m, 0xe0)

            mstore(m, hex"1901")
            mstore(add(m, 0x02), domain)
            mstore(add(m, 0x22), hash)
            digest_ := keccak256(m, 0x42)
        }
    }
}
