// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Schedule} from "../interfaces/Terms.sol";

/// @notice How much of an amount a schedule has released; used for buyers and for allocations.
library ScheduleLib {
    /// @notice initial + (amount − initial) × elapsed ÷ duration, with elapsed rounded down to whole steps where there are
    /// steps, nothing of the second part before the cliff, everything from the end on; rounded down.
    /// @dev Monotone in `elapsed`, as each factor is. `amount` < 2^128 and `durationSeconds` < 2^64 cannot overflow.
    /// @param elapsed seconds since listing
    function vested(Schedule memory s, uint256 amount, uint256 elapsed) internal pure returns (uint256) {
        if (elapsed >= s.durationSeconds) return amount;

        uint256 initial = (amount * s.initialBps) / 10_000;
        if (elapsed < s.cliffSeconds) return initial;

        if (s.steps == 0) return initial + ((amount - initial) * elapsed) / s.durationSeconds;
        uint256 stepsDone = (elapsed * s.steps) / s.durationSeconds;
        return initial + ((amount - initial) * stepsDone) / s.steps;
    }
}
