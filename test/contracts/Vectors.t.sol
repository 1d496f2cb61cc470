// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISale, Kind, Voucher} from "../../contracts/interfaces/ISale.sol";
import {Terms} from "../../contracts/interfaces/Terms.sol";
import {DigestHarness} from "../../contracts/mocks/DigestHarness.sol";
import {SaleFixture} from "./support/SaleFixture.sol";

/// @notice The same files are read by test/sdk/vectors.test.ts.
contract VectorsTest is SaleFixture {
    DigestHarness private _harness;
    string private _json;

    function setUp() public override {
        super.setUp();
        _harness = DigestHarness(create(vm.getCode("contracts/mocks/DigestHarness.sol:DigestHarness")));
    }

    function test_voucher_digests() public {
        uint256 count = _open("voucher");
        for (uint256 i; i < count; i++) {
            ISale there = _saleAt(i);
            Voucher memory voucher = Voucher(
                _uint(i, ".voucher.nonce"),
                _uint(i, ".voucher.cumulativeCap"),
                _uint(i, ".voucher.validFrom"),
                _uint(i, ".voucher.validUntil"),
                _word(i, ".voucher.orderId")
            );
            assertEq(there.voucherDigest(_address(i, ".buyer"), voucher), _word(i, ".digest"), _what(i));
        }
    }

    function test_terms_hashes() public {
        uint256 count = _open("terms");
        for (uint256 i; i < count; i++) {
            Terms[] memory one = new Terms[](1);
            one[0] = abi.decode(vm.parseJsonBytes(_json, _path(i, ".abi")), (Terms));
            assertEq(_harness.termsHashes(one)[0], _word(i, ".hash"), _what(i));
        }
    }

    function test_history_before_any_entry() public {
        uint256 count = _open("historyStart");
        for (uint256 i; i < count; i++) {
            bytes32 domain = _saleAt(i).domainSeparator();
            bytes19 start = _harness.histories(domain, _word(i, ".termsHash"), new DigestHarness.Entry[](0))[0];
            assertEq(bytes32(start), bytes32(_history(i, ".history")), _what(i));
        }
    }

    function test_history_after_one_entry() public {
        uint256 count = _open("historyNext");
        for (uint256 i; i < count; i++) {
            DigestHarness.Entry memory entry = DigestHarness.Entry(
                _kind(i),
                _address(i, ".entry.buyer"),
                _uint(i, ".entry.nonce"),
                _uint(i, ".entry.amount"),
                _word(i, ".entry.orderId")
            );
            bytes19 next = _harness.historyNext(_history(i, ".before"), entry);
            assertEq(bytes32(next), bytes32(_history(i, ".after")), _what(i));
        }
    }

    function _open(string memory name) private returns (uint256 count) {
        _json = vm.readFile(string.concat("test/vectors/", name, ".json"));
        while (vm.keyExistsJson(_json, _path(count, ""))) count++;
        require(count != 0, "no vectors");
    }

    /// @dev The sale's own code, at the vector's address on the vector's chain.
    function _saleAt(uint256 i) private returns (ISale there) {
        there = ISale(_address(i, ".sale"));
        vm.etch(address(there), address(sale).code);
        vm.chainId(_uint(i, ".chainId"));
    }

    function _kind(uint256 i) private view returns (Kind) {
        bytes32 kind = keccak256(bytes(vm.parseJsonString(_json, _path(i, ".entry.kind"))));
        if (kind == keccak256("purchase")) return Kind.Purchase;
        if (kind == keccak256("withdraw")) return Kind.Withdraw;
        if (kind == keccak256("invalidate")) return Kind.Invalidate;
        require(kind == keccak256("eject"), "kind");
        return Kind.Eject;
    }

    function _path(uint256 i, string memory field) private pure returns (string memory) {
        return string.concat("$[", vm.toString(i), "]", field);
    }

    function _what(uint256 i) private view returns (string memory) {
        return vm.parseJsonString(_json, _path(i, ".what"));
    }

    function _uint(uint256 i, string memory field) private view returns (uint256) {
        return vm.parseJsonUint(_json, _path(i, field));
    }

    function _word(uint256 i, string memory field) private view returns (bytes32) {
        return vm.parseJsonBytes32(_json, _path(i, field));
    }

    function _address(uint256 i, string memory field) private view returns (address) {
        return vm.parseJsonAddress(_json, _path(i, field));
    }

    function _history(uint256 i, string memory field) private view returns (bytes19) {
        return bytes19(vm.parseJsonBytes(_json, _path(i, field)));
    }
}
