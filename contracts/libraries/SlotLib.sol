// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Stage} from "../interfaces/ISale.sol";

struct Position {
    uint96 paid;
    uint96 claimed;
    uint32 nonce;
    uint32 paidAt;
}

struct Totals {
    uint96 raised;
    Stage stage;
    bytes19 history;
}

/// @notice A position or the totals as one word, laid out as Solidity lays the structs out: paid 96 | claimed 96 |
/// nonce 32 | paidAt 32, and raised 96 | stage 8 | history 152, from the lowest bit up.
/// @dev By the word, as the compiler loads and stores a struct once for each field, which costs every buyer 2,000 gas.
library SlotLib {
    function unpackPosition(uint256 word) internal pure returns (Position memory p) {
        p.paid = uint96(word);
        p.claimed = uint96(word >> 96);
        p.nonce = uint32(word >> 192);
        p.paidAt = uint32(word >> 224);
    }

    function paidOf(uint256 position) internal pure returns (uint256) {
        return uint96(position);
    }

    function withoutPaid(uint256 position) internal pure returns (uint256) {
        return position & ~uint256(type(uint96).max);
    }

    function pack(Position memory p) internal pure returns (uint256) {
        return uint256(p.paid) | (uint256(p.claimed) << 96) | (uint256(p.nonce) << 192) | (uint256(p.paidAt) << 224);
    }

    function unpackTotals(uint256 word) internal pure returns (Totals memory t) {
        t.raised = uint96(word);
        t.stage = Stage(uint8(word >> 96));
        t.history = bytes19(uint152(word >> 104));
    }

    function pack(Totals memory t) internal pure returns (uint256) {
        return uint256(t.raised) | (uint256(t.stage) << 96) | (uint256(uint152(t.history)) << 104);
    }
}
