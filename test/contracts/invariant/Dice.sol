// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @notice Choices that follow from one seed.
abstract contract Dice {
    uint256 private _state;

    function _seed(uint256 seed) internal {
        _state = seed;
    }

    function _roll() internal returns (uint256) {
        _state = uint256(keccak256(abi.encode(_state)));
        return _state;
    }

    function _below(uint256 n) internal returns (uint256) {
        return _roll() % n;
    }

    function _chance(uint256 percent) internal returns (bool) {
        return _below(100) < percent;
    }

    function _between(uint256 least, uint256 most) internal returns (uint256) {
        return most <= least ? least : least + _below(most - least + 1);
    }

    function _pick(uint256 a, uint256 b) internal returns (uint256) {
        return _roll() & 1 == 0 ? a : b;
    }

    function _pick(uint256 a, uint256 b, uint256 c) internal returns (uint256) {
        uint256 i = _below(3);
        return
            i == 0
                ? a
                : i == 1
                    ? b
                    : c;
    }

    function _pick(uint256 a, uint256 b, uint256 c, uint256 d) internal returns (uint256) {
        return _roll() & 1 == 0 ? _pick(a, b) : _pick(c, d);
    }
}
