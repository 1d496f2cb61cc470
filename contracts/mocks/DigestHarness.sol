// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISale, Kind, Voucher} from "../interfaces/ISale.sol";
import {Terms} from "../interfaces/Terms.sol";
import {HistoryLib} from "../libraries/HistoryLib.sol";
import {TermsLib} from "../libraries/TermsLib.sol";

/// @title Hashes many at once, with the code that the sale hashes with
contract DigestHarness {
    struct Entry {
        Kind kind;
        address buyer;
        uint256 nonce;
        uint256 amount;
        bytes32 orderId;
    }

    function domainOf(ISale sale) external view returns (bytes32) {
        return sale.domainSeparator();
    }

    /// @notice As the sale itself answers.
    function voucherDigests(
        ISale sale,
        address[] calldata buyers,
        Voucher[] calldata vouchers
    ) external view returns (bytes32[] memory digests) {
        digests = new bytes32[](vouchers.length);
        for (uint256 i; i < vouchers.length; i++) digests[i] = sale.voucherDigest(buyers[i], vouchers[i]);
    }

    function termsHashes(Terms[] calldata terms) external pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](terms.length);
        for (uint256 i; i < terms.length; i++) hashes[i] = TermsLib.hash(terms[i]);
    }

    /// @notice The history before any entry, and after each of `entries`.
    function histories(
        bytes32 domain,
        bytes32 termsHash,
        Entry[] calldata entries
    ) external pure returns (bytes19[] memory after_) {
        after_ = new bytes19[](entries.length + 1);
        after_[0] = HistoryLib.start(domain, termsHash);
        for (uint256 i; i < entries.length; i++) {
            Entry calldata e = entries[i];
            after_[i + 1] = HistoryLib.next(after_[i], e.kind, e.buyer, e.nonce, e.amount, e.orderId);
        }
    }

    /// @notice After one entry on top of any history.
    function historyNext(bytes19 history, Entry calldata e) external pure returns (bytes19) {
        return HistoryLib.next(history, e.kind, e.buyer, e.nonce, e.amount, e.orderId);
    }
}
