// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IPoolManager, PoolKey} from "../interfaces/IUniswapV4.sol";

/// @title The v4 hook of one pool, which only the venue that bore it can open
/// @notice As the venue itself does, it claims `beforeInitialize` by its address and does not implement it. Every foreign
/// `initialize` reverts: before the birth, as an address without code gives no answer; after it, as the call is unknown.
contract PoolOpener {
    address private immutable _venue = msg.sender;

    error PoolOpener_NotVenue(address got, address wanted);

    function open(IPoolManager manager, PoolKey calldata key, uint160 sqrtPriceX96) external {
        if (msg.sender != _venue) revert PoolOpener_NotVenue(msg.sender, _venue);
        manager.initialize(key, sqrtPriceX96);
    }
}
