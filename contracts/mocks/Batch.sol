// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IPoolManager} from "../interfaces/IUniswapV4.sol";

/// @notice Makes several calls in one transaction, or within a v4 manager's lock: what any attacker can do.
contract Batch {
    struct Call {
        address target;
        bytes data;
    }

    function run(Call[] memory calls) public {
        for (uint256 i; i < calls.length; i++) {
            (bool done, bytes memory answer) = calls[i].target.call(calls[i].data);
            if (done) continue;
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    function runUnlocked(IPoolManager manager, Call[] calldata calls) external {
        manager.unlock(abi.encode(calls));
    }

    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        run(abi.decode(data, (Call[])));
        return "";
    }
}
