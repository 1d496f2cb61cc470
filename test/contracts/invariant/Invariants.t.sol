// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Campaign} from "./Campaign.sol";

/// @notice A campaign whose steps Hardhat's invariant runner draws, and leaves out where one fails.
contract Walk is Campaign {
    bytes public broken;
    uint256 private _steps;

    /// @dev The runner repeats seeds it liked; the step's number keeps names and order ids that are drawn from being drawn again.
    function walk(uint256 seed) external {
        if (broken.length != 0) return;
        try this.step(uint256(keccak256(abi.encode(seed, ++_steps)))) {} catch (bytes memory why) {
            broken = why;
        }
    }
}

contract InvariantsTest {
    struct Selectors {
        address target;
        bytes4[] selectors;
    }

    Walk private _walk;

    function setUp() public {
        _walk = new Walk();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_walk);
    }

    function targetSelectors() public view returns (Selectors[] memory targets) {
        targets = new Selectors[](1);
        (targets[0].target, targets[0].selectors) = (address(_walk), new bytes4[](1));
        targets[0].selectors[0] = Walk.walk.selector;
    }

    /// @notice I1 to I22 of README.md, which each step holds the sale to.
    function invariant_every_step_holds() public view {
        bytes memory why = _walk.broken();
        assembly {
            if mload(why) {
                revert(add(why, 32), mload(why))
            }
        }
    }
}
