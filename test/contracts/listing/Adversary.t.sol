// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Raid} from "./Raid.sol";
import {RaidV2} from "./RaidV2.sol";
import {RaidV3} from "./RaidV3.sol";
import {RaidV4} from "./RaidV4.sol";

/// @notice What `npm run prove -- listing` runs, with its seed, calls or failing episode in the environment; without them a
/// short raid on each venue.
abstract contract Adversary is Raid {
    uint256 private constant SHORT = 500;

    function setUp() public {
        _open();
        _settle();
    }

    function _run(string memory name) internal {
        uint256 most = vm.envOr("RAID_CALLS", SHORT);
        uint256 seed = vm.envOr("RAID_SEED", uint256(1));
        uint256 failing = vm.envOr("RAID_EPISODE", uint256(0));
        uint256[4] memory sums;
        for (uint256 i; sums[0] < most && sums[3] == 0; i++) {
            uint256 each = failing == 0 ? uint256(keccak256(abi.encode(seed, name, i))) : failing;
            _one(name, each, sums);
            if (failing != 0) break;
        }
        _say(string.concat("calls ", name, " ", vm.toString(sums[0])));
        _say(string.concat("listings ", name, " ", vm.toString(sums[1])));
        _say(string.concat("refused ", name, " ", vm.toString(sums[2])));
        require(sums[3] == 0, "a property is broken");
        require(most != SHORT || sums[1] >= 10, "hardly anything was listed");
    }

    function _one(string memory name, uint256 each, uint256[4] memory sums) private {
        try this.episode(each) {} catch (bytes memory why) {
            if (bytes4(why) == Done.selector) {
                for (uint256 i; i < 3; i++) {
                    uint256 n;
                    assembly {
                        n := mload(add(why, add(36, mul(i, 32))))
                    }
                    sums[i] += n;
                }
                return;
            }
            sums[3]++;
            _say(string.concat("violation ", name, " ", vm.toString(bytes32(each)), " ", vm.toString(why)));
        }
    }
}

contract AdversaryOnV2Test is RaidV2, Adversary {
    function test_v2_is_listed_at_its_price() public {
        _run("v2");
    }
}

contract AdversaryOnV3Test is RaidV3, Adversary {
    function test_v3_is_listed_at_its_price_or_not_at_all() public {
        _run("v3");
    }
}

contract AdversaryOnV4Test is RaidV4, Adversary {
    function test_v4_is_listed_at_its_price() public {
        _run("v4");
    }
}
