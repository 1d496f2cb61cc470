// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Phase} from "../../../contracts/interfaces/ISale.sol";
import {Campaign} from "./Campaign.sol";
import {Action} from "./Step.sol";

/// @notice What `npm run prove -- invariants` runs, with its seed, calls or failing episode in the environment; without
/// them a short campaign, which reaches every cell of the matrix.
contract CampaignTest is Campaign {
    uint256 private constant SHORT = 8000;
    /// @dev Many times what an episode takes: what never ends breaks too.
    uint256 private constant MOST_GAS = 2e10;

    function test_campaign() public {
        uint256 failing = vm.envOr("CAMPAIGN_EPISODE", uint256(0));
        if (failing != 0) {
            _shrink(failing);
            return;
        }
        uint256 seed = vm.envOr("CAMPAIGN_SEED", uint256(1));
        uint256 most = vm.envOr("CAMPAIGN_CALLS", SHORT);
        bool holds = _lead(seed, most);
        if (most != SHORT) _report();
        require(holds, "an invariant is broken");
        if (most == SHORT) _requireReached();
    }

    function _lead(uint256 seed, uint256 most) private returns (bool holds) {
        for (uint256 i; calls < most; i++) {
            uint256 each = uint256(keccak256(abi.encode(seed, i)));
            try this.episode{gas: MOST_GAS}(each, 0) {} catch (bytes memory why) {
                _say(string.concat("violation ", vm.toString(bytes32(each)), " ", vm.toString(why)));
                return false;
            }
        }
        return true;
    }

    function _requireReached() private view {
        for (uint256 a; a <= uint256(type(Action).max); a++) {
            for (uint256 p; p <= uint256(type(Phase).max); p++) {
                if (_reached(Action(a), Phase(p)) == 0) revert Broken("never tried", bytes(_name(a)), abi.encode(p));
            }
        }
    }

    /// @dev Runs a failing episode again with ever fewer steps, and tells those that are left.
    function _shrink(uint256 each) private {
        (uint256 last, bytes32 kind) = _fails(each, 0);
        if (kind == 0) return;

        uint256 skip = last == 255 ? 0 : type(uint256).max << (last + 1);
        for (uint256 i = last; i > 0; i--) {
            (uint256 step_, bytes32 other) = _fails(each, skip | (1 << (i - 1)));
            if (other == kind && step_ == last) skip |= 1 << (i - 1);
        }
        narrating = true;
        try this.episode(each, skip) {} catch (bytes memory why) {
            _say(string.concat("violation ", vm.toString(bytes32(each)), " ", vm.toString(why)));
        }
    }

    /// @dev The step at which it fails, and in what way: zero where it does not.
    function _fails(uint256 each, uint256 skip) private returns (uint256 step_, bytes32 kind) {
        try this.episode(each, skip) {} catch (bytes memory why) {
            assembly {
                step_ := mload(add(why, 36))
                // Failed(step, Broken(invariant, …)): the name of the invariant; of another error the whole.
                kind := keccak256(add(why, 100), sub(mload(why), 68))
                if gt(mload(why), 328) {
                    kind := keccak256(add(why, 232), 64)
                }
            }
        }
    }
}
