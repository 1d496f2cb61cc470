// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @notice The parts of Uniswap v3 that venue v3 calls.
interface IUniswapV3Factory {
    /// @notice Zero: no such fee tier. Tiers are added, never removed.
    function feeAmountTickSpacing(uint24 fee) external view returns (int24);
    function getPool(address tokenA, address tokenB, uint24 fee) external view returns (address pool);
    function createPool(address tokenA, address tokenB, uint24 fee) external returns (address pool);
}

interface IUniswapV3Pool {
    function tickSpacing() external view returns (int24);

    /// @return sqrtPriceX96 zero: not initialised
    function slot0()
        external
        view
        returns (
            uint160 sqrtPriceX96,
            int24 tick,
            uint16 observationIndex,
            uint16 observationCardinality,
            uint16 observationCardinalityNext,
            uint8 feeProtocol,
            bool unlocked
        );

    function initialize(uint160 sqrtPriceX96) external;

    /// @notice Calls back `uniswapV3MintCallback(amount0, amount1, data)`, which pays.
    function mint(
        address recipient,
        int24 tickLower,
        int24 tickUpper,
        uint128 amount,
        bytes calldata data
    ) external returns (uint256 amount0, uint256 amount1);

    /// @notice Credits the caller's position with what it takes out and its fees; zero credits the fees alone.
    function burn(int24 tickLower, int24 tickUpper, uint128 amount) external returns (uint256 amount0, uint256 amount1);

    /// @notice Pays what the caller's position was credited with.
    function collect(
        address recipient,
        int24 tickLower,
        int24 tickUpper,
        uint128 amount0Requested,
        uint128 amount1Requested
    ) external returns (uint128 amount0, uint128 amount1);
}
