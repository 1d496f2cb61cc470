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

    uint256 internal calls;
    bool internal narrating;
    mapping(Action action => mapping(Phase phase => uint256[2])) private _cells;
    mapping(Action action => mapping(bytes4 error_ => uint256)) private _errors;
    bytes4[] private _seen;

    function _count(Step memory s, Phase phase, bool passed) internal {
        calls++;
        _cells[s.action][phase][passed ? 1 : 0]++;
        if (passed) return;
        bytes4 error_ = bytes4(s.wanted);
        if (_errors[s.action][error_]++ == 0) _remember(error_);
    }

    function _remember(bytes4 error_) private {
        for (uint256 i; i < _seen.length; i++) {
            if (_seen[i] == error_) return;
        }
        _seen.push(error_);
    }

    function passedIn(Action a, Phase p) internal view returns (uint256) {
        return _cells[a][p][1];
    }

    function refusedIn(Action a, Phase p) internal view returns (uint256) {
        return _cells[a][p][0];
    }

    /// @dev One line for each cell and for each error: what prove/invariants.ts adds up.
    function _report() internal view {
        for (uint256 a; a <= uint256(type(Action).max); a++) {
            for (uint256 p; p <= uint256(type(Phase).max); p++) {
                uint256[2] memory n = _cells[Action(a)][Phase(p)];
                string memory may = _allows(Action(a), Phase(p)) ? "allowed" : "forbidden";
                string memory counts = string.concat(_text(n[1]), " ", _text(n[0]));
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
