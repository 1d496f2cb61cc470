// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev What Slipway calls of Uniswap v4, as its PoolManager has it. `currency0` < `currency1`; zero is ETH.
struct PoolKey {
    address currency0;
    address currency1;
    uint24 fee;
    int24 tickSpacing;
    address hooks;
}

struct ModifyLiquidityParams {
    int24 tickLower;
    int24 tickUpper;
    int256 liquidityDelta;
    bytes32 salt;
}

interface IPoolManager {
    function initialize(PoolKey memory key, uint160 sqrtPriceX96) external returns (int24 tick);

    /// @notice Calls back `unlockCallback(data)` and returns its answer; all currencies must be settled by then.
    function unlock(bytes calldata data) external returns (bytes memory);

    /// @return callerDelta of both currencies, int128 each, currency0 in the upper half; negative is owed to the manager
    function modifyLiquidity(
        PoolKey memory key,
        ModifyLiquidityParams memory params,
        bytes calldata hookData
    ) external returns (int256 callerDelta, int256 feesAccrued);

    /// @notice Remembers the manager's balance; what `settle` then finds on top is credited to its caller.
    function sync(address currency) external;
    function settle() external payable returns (uint256 paid);
    function take(address currency, address to, uint256 amount) external;
}
