// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ILaunchRegistry} from "./interfaces/ILaunchRegistry.sol";
import {ISale} from "./interfaces/ISale.sol";

contract LaunchRegistry is ILaunchRegistry {
    /// @inheritdoc ILaunchRegistry
    function announce(address sale) external {
        emit Announced(sale, ISale(sale).termsHash(), msg.sender);
    }
}
