// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @notice The parts of Uniswap v2 and WETH9 that venue v2 calls.
interface IUniswapV2Factory {
    function getPair(address tokenA, address tokenB) external view returns (address pair);
    function createPair(address tokenA, address tokenB) external returns (address pair);
}

interface IUniswapV2Pair {
    function totalSupply() external view returns (uint256);
    function getReserves() external view returns (uint112 reserve0, uint112 reserve1, uint32 blockTimestampLast);
    function skim(address to) external;
    function sync() external;
    function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes calldata data) external;
    function mint(address to) external returns (uint256 liquidity);
}

interface IWETH9 {
    function deposit() external payable;
    function withdraw(uint256 amount) external;
}
