// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {IReceiveWithAuthorization} from "../interfaces/IReceiveWithAuthorization.sol";

/// @title OpenZeppelin's ERC-20 with ERC-2612 and EIP-3009 and nothing else: what gas is measured with
contract PlainCurrency is ERC20Permit, IReceiveWithAuthorization {
    bytes32 public constant RECEIVE_WITH_AUTHORIZATION_TYPEHASH = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    mapping(address authorizer => mapping(bytes32 nonce => bool)) public authorizationState;

    error PlainCurrency_AuthorizationInvalid();

    constructor() ERC20("Plain Dollar", "PLN") ERC20Permit("Plain Dollar") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(RECEIVE_WITH_AUTHORIZATION_TYPEHASH, from, to, value, validAfter, validBefore, nonce))
        );
        bool live =
            to == msg.sender &&
                block.timestamp > validAfter &&
                block.timestamp < validBefore &&
                !authorizationState[from][nonce];
        if (!live || ECDSA.recover(digest, v, r, s) != from) revert PlainCurrency_AuthorizationInvalid();

        authorizationState[from][nonce] = true;
        _transfer(from, to, value);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
