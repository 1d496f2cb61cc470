// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Stage} from "../interfaces/ISale.sol";

/// @dev paid 96 | claimed 96 | nonce 32 | paidAt 32, from the lowest bit up.
type Position is uint256;
/// @dev raised 96 | stage 8 | history 152.
type Totals is uint256;
/// @dev maxCap 96 | maxWindow 64 | status 8.
type Signer is uint256;

enum SignerStatus {
    Unknown,
    Admitted,
    StruckOff
}

using SlotLib for Position global;
using SlotLib for Totals global;
using SlotLib for Signer global;

/// @notice What a purchase reads and writes, each one word, laid out as Solidity lays out a struct of these fields.
/// @dev By the word, as the compiler loads and stores a struct once for each field, and carries it through memory: that
/// costs every buyer 3,000 gas. Whoever packs has proved that every field fits.
library SlotLib {
    function position(
        uint256 paid_,
        uint256 claimed_,
        uint256 nonce_,
        uint256 paidAt_
    ) internal pure returns (Position) {
        return Position.wrap(paid_ | (claimed_ << 96) | (nonce_ << 192) | (paidAt_ << 224));
    }

    function paid(Position p) internal pure returns (uint256) {
        return uint96(Position.unwrap(p));
    }

    function claimed(Position p) internal pure returns (uint256) {
        return uint96(Position.unwrap(p) >> 96);
    }

    function nonce(Position p) internal pure returns (uint256) {
        return uint32(Position.unwrap(p) >> 192);
    }

    function paidAt(Position p) internal pure returns (uint256) {
        return Position.unwrap(p) >> 224;
    }

    function totals(uint256 raised_, Stage stage_, bytes19 history_) internal pure returns (Totals) {
        uint256 asNumber;
        assembly ("memory-safe") {
            asNumber := stage_
        }
        return Totals.wrap(raised_ | (asNumber << 96) | (uint256(uint152(history_)) << 104));
    }

    function withStage(Totals t, Stage stage_) internal pure returns (Totals) {
        return totals(raised(t), stage_, history(t));
    }

    function raised(Totals t) internal pure returns (uint256) {
        return uint96(Totals.unwrap(t));
    }

    function stage(Totals t) internal pure returns (Stage stage_) {
        assembly ("memory-safe") {
            stage_ := and(shr(96, t), 0xff)
        }
    }

    function isAt(Totals t, Stage stage_) internal pure returns (bool) {
        return uint8(Totals.unwrap(t) >> 96) == uint8(stage_);
    }

    function history(Totals t) internal pure returns (bytes19) {
        return bytes19(uint152(Totals.unwrap(t) >> 104));
    }

    function signer(uint256 maxCap_, uint256 maxWindow_, SignerStatus status_) internal pure returns (Signer) {
        return Signer.wrap(maxCap_ | (maxWindow_ << 96) | (uint256(status_) << 160));
    }

    function maxCap(Signer s) internal pure returns (uint256) {
        return uint96(Signer.unwrap(s));
    }

    function maxWindow(Signer s) internal pure returns (uint256) {
        return uint64(Signer.unwrap(s) >> 96);
    }

    function status(Signer s) internal pure returns (SignerStatus) {
        return SignerStatus(uint8(Signer.unwrap(s) >> 160));
    }

    function has(Signer s, SignerStatus status_) internal pure returns (bool) {
        return uint8(Signer.unwrap(s) >> 160) == uint8(status_);
    }
}
