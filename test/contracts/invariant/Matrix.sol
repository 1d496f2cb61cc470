// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Phase} from "../../../contracts/interfaces/ISale.sol";
import {Checks} from "./Checks.sol";
import {Action, Step} from "./Step.sol";

/// @notice Counts what passed and what was refused: by action and phase, and by action and error.
abstract contract Matrix is Checks {
    address private constant CONSOLE = 0x000000000000000000636F6e736F6c652e6c6f67;
    string private constant NAMES =
        "purchase purchaseWithPermit purchaseWithAuthorization withdraw refund releaseEjected claim fund finalise list releaseFee releaseTreasury releaseUnsold addSigner strikeOffSigner invalidate eject pause declareFailed transferOwnership acceptOwnership renounceOwnership (ether) (unknown) register claimFor revoke changeBeneficiary returnToSale ";
    string private constant PHASES = "Unfunded Pending Open Closed Succeeded Listed Failed ";

    struct Cell {
        uint256 passed;
        uint256 refused;
        /// Of those, for the phase alone: with the error that one with every right to the call gets.
        uint256 forbidden;
    }

    uint256 internal calls;
    bool internal narrating;
    mapping(Action action => mapping(Phase phase => Cell)) private _cells;
    mapping(Action action => mapping(bytes4 error_ => uint256)) private _errors;
    bytes4[] private _seen;

    function _count(Step memory s, Phase phase, bool passed) internal {
        calls++;
        Cell storage cell = _cells[s.action][phase];
        if (passed) {
            cell.passed++;
            return;
        }
        bytes4 error_ = bytes4(s.wanted);
        cell.refused++;
        if (!_allows(s.action, phase) && error_ == _errorOf(s.action, phase)) cell.forbidden++;
        if (_errors[s.action][error_]++ == 0) _remember(error_);
    }

    function _remember(bytes4 error_) private {
        for (uint256 i; i < _seen.length; i++) {
            if (_seen[i] == error_) return;
        }
        _seen.push(error_);
    }

    /// @dev How often it came to what the design says of it in that phase.
    function _reached(Action a, Phase p) internal view returns (uint256) {
        return _allows(a, p) ? _cells[a][p].passed : _cells[a][p].forbidden;
    }

    /// @dev One line for each cell and for each error: what prove/invariants.ts adds up.
    function _report() internal view {
        for (uint256 a; a <= uint256(type(Action).max); a++) {
            for (uint256 p; p <= uint256(type(Phase).max); p++) {
                Cell memory n = _cells[Action(a)][Phase(p)];
                string memory may = _allows(Action(a), Phase(p)) ? "allowed" : "forbidden";
                string memory counts = string.concat(_text(n.passed), " ", _text(n.refused), " ", _text(n.forbidden));
                _say(string.concat("cell ", _name(a), " ", _word(PHASES, p), " ", may, " ", counts));
            }
            for (uint256 i; i < _seen.length; i++) {
                uint256 n = _errors[Action(a)][_seen[i]];
                string memory selector = vm.toString(abi.encodePacked(_seen[i]));
                if (n != 0) _say(string.concat("error ", _name(a), " ", selector, " ", _text(n)));
            }
        }
        _say(string.concat("calls ", _text(calls)));
    }

    function _narrate(Step memory s, Phase p) internal view {
        if (!narrating) return;
        string memory first = string.concat(_word(PHASES, uint256(p)), " ", _text(block.timestamp), " ");
        string memory who = string.concat(" by ", vm.toString(abi.encodePacked(s.from)), " ");
        string memory what = string.concat("for ", vm.toString(abi.encodePacked(s.who)), " of ", _text(s.amount));
        string memory end = _passes(s) ? " passes" : string.concat(" refused ", vm.toString(s.wanted));
        _say(string.concat("step ", first, _name(uint256(s.action)), who, what, end));
    }

    function _say(string memory line) internal view {
        (bool heard, ) = CONSOLE.staticcall(abi.encodeWithSignature("log(string)", line));
        heard;
    }

    function _name(uint256 action) internal pure returns (string memory) {
        return _word(NAMES, action);
    }

    function _text(uint256 n) internal pure returns (string memory) {
        return vm.toString(n);
    }

    function _word(string memory words, uint256 index) private pure returns (string memory word) {
        bytes memory all = bytes(words);
        uint256 start;
        for (uint256 i; i < index; start++) if (all[start] == " ") i++;
        uint256 end = start;
        while (all[end] != " ") end++;
        bytes memory out = new bytes(end - start);
        for (uint256 i; i < out.length; i++) out[i] = all[start + i];
        return string(out);
    }
}
