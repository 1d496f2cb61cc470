// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ListingTerms, Price, SaleTerms, Terms, TokenTerms, VestingTerms} from "../interfaces/Terms.sol";

/// @notice `termsHash`: the EIP-712 struct hash of `Terms` (no domain: chain id is a term).
library TermsLib {
    bytes internal constant DOCUMENT_TYPE = "DocumentTerms(bytes32 hash,string uri)";
    bytes internal constant LISTING_TYPE =
        "ListingTerms(uint64 delay,uint64 deadline,uint16 liquidityBps,Price price,address venue,uint24 feeTier,int24 tickSpacing,uint64 lockSeconds)";
    bytes internal constant PAYOUT_TYPE =
        "PayoutTerms(uint16 feeBps,uint256 feeFixed,address feeRecipient,address treasury,uint64 streamSeconds,bool burnUnsold)";
    bytes internal constant PRICE_TYPE = "Price(uint256 currencyUnits,uint256 tokenUnits)";
    bytes internal constant ROLE_TYPE =
        "RoleTerms(address owner,address compliance,address guardian,address signer,uint256 signerMaxCap,uint64 signerMaxWindow)";
    bytes internal constant SALE_TYPE =
        "SaleTerms(address currency,Price price,uint64 opensAt,uint64 closesAt,uint64 coolingOff,uint256 softCap,uint256 hardCap,uint256 minPurchase,bool voucherRequired,bool ejectable)";
    bytes internal constant SCHEDULE_TYPE =
        "Schedule(uint16 initialBps,uint64 cliffSeconds,uint64 durationSeconds,uint32 steps)";
    bytes internal constant TERMS_TYPE =
        "Terms(uint256 chainId,TokenTerms token,SaleTerms sale,ListingTerms listing,PayoutTerms payout,VestingTerms vesting,DocumentTerms document,RoleTerms roles)";
    bytes internal constant TOKEN_TYPE =
        "TokenTerms(string name,string symbol,uint8 decimals,uint256 maxSupply,address existing)";
    bytes internal constant VESTING_TYPE =
        "VestingTerms(address vesting,Schedule buyers,bytes32 allocationsRoot,uint256 allocationsTotal)";

    function hash(Terms memory t) internal pure returns (bytes32) {
        bytes32 typeHash = keccak256(
            abi.encodePacked(
                TERMS_TYPE,
                DOCUMENT_TYPE,
                LISTING_TYPE,
                PAYOUT_TYPE,
                PRICE_TYPE,
                ROLE_TYPE,
                SALE_TYPE,
                SCHEDULE_TYPE,
                TOKEN_TYPE,
                VESTING_TYPE
            )
        );

        return
            keccak256(
                abi.encode(
                    typeHash,
                    t.chainId,
                    _hash(t.token),
                    _hash(t.sale),
                    _hash(t.listing),
                    keccak256(abi.encode(keccak256(PAYOUT_TYPE), t.payout)),
                    _hash(t.vesting),
                    keccak256(abi.encode(keccak256(DOCUMENT_TYPE), t.document.hash, keccak256(bytes(t.document.uri)))),
                    keccak256(abi.encode(keccak256(ROLE_TYPE), t.roles))
                )
            );
    }

    function _hash(TokenTerms memory t) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256(TOKEN_TYPE),
                    keccak256(bytes(t.name)),
                    keccak256(bytes(t.symbol)),
                    t.decimals,
                    t.maxSupply,
                    t.existing
                )
            );
    }

    function _hash(SaleTerms memory t) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256(abi.encodePacked(SALE_TYPE, PRICE_TYPE)),
                    t.currency,
                    _hash(t.price),
                    t.opensAt,
                    t.closesAt,
                    t.coolingOff,
                    t.softCap,
                    t.hardCap,
                    t.minPurchase,
                    t.voucherRequired,
                    t.ejectable
                )
            );
    }

    function _hash(ListingTerms memory t) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256(abi.encodePacked(LISTING_TYPE, PRICE_TYPE)),
                    t.delay,
                    t.deadline,
                    t.liquidityBps,
                    _hash(t.price),
                    t.venue,
                    t.feeTier,
                    t.tickSpacing,
                    t.lockSeconds
                )
            );
    }

    function _hash(VestingTerms memory t) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256(abi.encodePacked(VESTING_TYPE, SCHEDULE_TYPE)),
                    t.vesting,
                    keccak256(abi.encode(keccak256(SCHEDULE_TYPE), t.buyers)),
                    t.allocationsRoot,
                    t.allocationsTotal
                )
            );
    }

    function _hash(Price memory p) private pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(PRICE_TYPE), p));
    }
}
