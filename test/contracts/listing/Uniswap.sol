// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IUniswapV2Pair, IWETH9} from "../../../contracts/interfaces/IUniswapV2.sol";
import {IUniswapV3Pool} from "../../../contracts/interfaces/IUniswapV3.sol";
import {IPoolManager, PoolKey} from "../../../contracts/interfaces/IUniswapV4.sol";
import {Vm} from "../support/Vm.sol";

/// @dev What an attacker calls of Uniswap, beside what the venues do.
interface IWeth is IWETH9 {
    function transfer(address to, uint256 amount) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
}

interface IPair is IUniswapV2Pair {
    function burn(address to) external returns (uint256 amount0, uint256 amount1);
    function transfer(address to, uint256 amount) external returns (bool);
    function balanceOf(address account) external view returns (uint256);
    function token0() external view returns (address);
}

interface IPool is IUniswapV3Pool {
    function swap(
        address recipient,
        bool zeroForOne,
        int256 amountSpecified,
        uint160 sqrtPriceLimitX96,
        bytes calldata data
    ) external returns (int256 amount0, int256 amount1);
    function flash(address recipient, uint256 amount0, uint256 amount1, bytes calldata data) external;
    function increaseObservationCardinalityNext(uint16 next) external;
    function token0() external view returns (address);
    function token1() external view returns (address);
    function positions(
        bytes32 key
    )
        external
        view
        returns (
            uint128 liquidity,
            uint256 feeGrowthInside0LastX128,
            uint256 feeGrowthInside1LastX128,
            uint128 tokensOwed0,
            uint128 tokensOwed1
        );
}

struct SwapParams {
    bool zeroForOne;
    int256 amountSpecified;
    uint160 sqrtPriceLimitX96;
}

interface IManager is IPoolManager {
    function swap(PoolKey memory key, SwapParams memory params, bytes calldata hookData) external returns (int256);
    function donate(PoolKey memory key, uint256 amount0, uint256 amount1, bytes calldata hookData) external;
    function mint(address to, uint256 id, uint256 amount) external;
    function burn(address from, uint256 id, uint256 amount) external;
    function balanceOf(address owner, uint256 id) external view returns (uint256);
    function extsload(bytes32 slot) external view returns (bytes32);
    function exttload(bytes32 slot) external view returns (bytes32);
}

/// @notice Uniswap's own prebuilt code, out of its npm packages.
library Uniswap {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint160 internal constant MIN_SQRT_PRICE = 4_295_128_739;
    uint160 internal constant MAX_SQRT_PRICE = 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_342;

    function codeOf(string memory path, string memory key) internal view returns (bytes memory) {
        return vm.parseJsonBytes(vm.readFile(string.concat("node_modules/@uniswap/", path, ".json")), key);
    }

    function v2Factory() internal view returns (bytes memory) {
        return codeOf("v2-core/build/UniswapV2Factory", ".bytecode");
    }

    function v2Pair() internal view returns (bytes memory) {
        return codeOf("v2-core/build/UniswapV2Pair", ".bytecode");
    }

    function v3Factory() internal view returns (bytes memory) {
        return codeOf("v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory", ".bytecode");
    }

    function v4Manager() internal view returns (bytes memory) {
        return codeOf("v4-core/out/PoolManager.sol/PoolManager", ".bytecode.object");
    }

    function weth9() internal view returns (bytes memory) {
        return codeOf("v2-periphery/build/WETH9", ".bytecode");
    }
}
