// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISale, Kind, Voucher} from "../../contracts/interfaces/ISale.sol";
import {IVesting} from "../../contracts/interfaces/IVesting.sol";
import {Schedule} from "../../contracts/interfaces/Terms.sol";
import {HistoryLib} from "../../contracts/libraries/HistoryLib.sol";
import {TermsLib} from "../../contracts/libraries/TermsLib.sol";
import {HostileToken} from "../../contracts/mocks/HostileToken.sol";
import {SaleFixture} from "./support/SaleFixture.sol";
import {Vm} from "./support/Vm.sol";

/// @notice Each event, with all that a reader needs of it.
contract EventsTest is SaleFixture {
    bytes32[] private _noProof;

    function test_creation() public view {
        bytes32 hash = TermsLib.hash(terms);
        assertEq(sale.termsHash(), hash, "termsHash");
        bytes32 start = keccak256(abi.encodePacked(hex"1901", sale.domainSeparator(), hash));
        assertEq(bytes32(sale.history()), bytes32(bytes19(start)), "history");
    }

    function test_creation_tells_all_terms() public {
        vm.recordLogs();
        deploy();
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 found;
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].emitter != address(sale) || logs[i].topics[0] != ISale.Created.selector) continue;
            found++;
            assertEq(logs[i].topics[1], sale.termsHash(), "termsHash");
            assertEq(logs[i].topics[2], bytes32(uint256(uint160(address(token)))), "token");
            assertEq(keccak256(logs[i].data), keccak256(abi.encode(sale.history(), terms)), "history and terms");
        }
        assertEq(found, 1, "once");
    }

    function test_entries_of_the_history() public {
        provide(alice, SOFT);
        Voucher memory voucher = voucherFor(alice, HARD);
        bytes memory signature = signed(alice, voucher);
        bytes19 next = HistoryLib.next(sale.history(), Kind.Purchase, alice, 0, MINIMUM, voucher.orderId);
        vm.expectEmit(address(sale));
        emit ISale.Purchased(alice, voucher.orderId, 0, MINIMUM, next);
        vm.prank(alice);
        sale.purchase(MINIMUM, 0, voucher, signature);

        next = HistoryLib.next(next, Kind.Withdraw, alice, 1, MINIMUM, 0);
        vm.expectEmit(address(sale));
        emit ISale.Withdrawn(alice, 1, MINIMUM, next);
        vm.prank(alice);
        sale.withdraw();

        next = HistoryLib.next(next, Kind.Invalidate, alice, 7, 0, 0);
        vm.expectEmit(address(sale));
        emit ISale.Invalidated(alice, 7, next);
        vm.prank(COMPLIANCE);
        sale.invalidate(alice, 7);

        buyAgain(alice, MINIMUM);
        next = HistoryLib.next(sale.history(), Kind.Eject, alice, 8, MINIMUM, 0);
        vm.expectEmit(address(sale));
        emit ISale.Ejected(alice, 8, MINIMUM, next);
        vm.prank(COMPLIANCE);
        sale.eject(alice);

        vm.expectEmit(address(sale));
        emit ISale.EjectedReleased(alice, MINIMUM);
        sale.releaseEjected(alice);
    }

    function test_roles() public {
        vm.expectEmit(address(sale));
        emit ISale.SignerAdded(BOB, MINIMUM, 1 hours);
        vm.prank(OWNER);
        sale.addSigner(BOB, MINIMUM, 1 hours);
        vm.expectEmit(address(sale));
        emit ISale.SignerStruckOff(BOB);
        vm.prank(OWNER);
        sale.strikeOffSigner(BOB);
        vm.expectEmit(address(sale));
        emit ISale.Paused(OPENS + 1 hours);
        vm.prank(GUARDIAN);
        sale.pause(1 hours);
        vm.warp(OPENS + 1 hours);
        buy(alice, MINIMUM);
        vm.expectEmit(address(sale));
        emit ISale.DeclaredFailed();
        fail();
        vm.expectEmit(address(sale));
        emit ISale.Refunded(alice, MINIMUM);
        sale.refund(alice);
        vm.expectEmit(address(sale));
        emit ISale.UnsoldReleased(address(0), terms.token.maxSupply);
        sale.releaseUnsold();
    }

    function test_success() public {
        buy(alice, SOFT);
        close();
        bytes19 history = sale.history();
        vm.expectEmit(address(sale));
        emit ISale.Finalised(SOFT, history, CLOSES);
        sale.finalise();

        vm.warp(CLOSES + DELAY);
        uint256 fee = SOFT / 50;
        uint256 pool = ((SOFT - fee) * 4) / 10;
        uint256 unsold = 10_000_000e18 - (pool / 3) * 4e13 - (SOFT / 3) * 5e13;
        vm.expectEmit(address(sale));
        emit ISale.Listed(bytes32(uint256(1)), (pool / 3) * 4e13, pool, fee, SOFT - fee - pool, unsold);
        sale.list(history);

        vm.expectEmit(address(sale));
        emit ISale.Claimed(alice, ((SOFT / 3) * 5e13) / 4);
        sale.claim(alice);
        vm.expectEmit(address(sale));
        emit ISale.FeeReleased(FEE_RECIPIENT, fee);
        sale.releaseFee();
        vm.warp(CLOSES + DELAY + 50 days);
        vm.expectEmit(address(sale));
        emit ISale.TreasuryReleased(TREASURY, (SOFT - fee - pool) / 2);
        sale.releaseTreasury();
        vm.expectEmit(address(sale));
        emit ISale.UnsoldReleased(address(0), unsold);
        sale.releaseUnsold();
    }

    function test_unsold_tokens_that_go_to_the_treasury() public {
        terms.payout.burnUnsold = false;
        deploy();
        buy(alice, SOFT);
        list();
        (, , , uint256 unsold) = sale.credits();
        vm.expectEmit(address(sale));
        emit ISale.UnsoldReleased(TREASURY, unsold);
        sale.releaseUnsold();
    }

    function test_funding() public {
        HostileToken existing = new HostileToken();
        terms.token.existing = address(existing);
        terms.listing.liquidityBps = 0;
        terms.listing.venue = address(0);
        vm.warp(OPENS - 1);
        deploy();
        existing.mint(BOB, terms.token.maxSupply);
        vm.prank(BOB);
        existing.approve(address(sale), type(uint256).max);
        vm.expectEmit(address(sale));
        emit ISale.Funded(BOB, terms.token.maxSupply);
        vm.prank(BOB);
        sale.fund();
    }

    function test_vesting() public {
        IVesting.Allocation memory allocation = IVesting.Allocation(
            0,
            BOB,
            1000e18,
            Schedule(1000, 0, 100 days, 0),
            TREASURY
        );
        bytes32 root = keccak256(bytes.concat(keccak256(abi.encode(allocation))));
        usdc.mint(address(this), 5);
        usdc.approve(address(vesting), 5);
        vm.expectEmit(address(vesting));
        emit IVesting.Registered(address(this), address(usdc), root, 5, TREASURY);
        vesting.register(address(usdc), root, 5, TREASURY);

        terms.vesting.allocationsRoot = root;
        terms.vesting.allocationsTotal = 1000e18;
        deploy();
        vm.expectEmit(address(vesting));
        emit IVesting.BeneficiaryChanged(address(sale), 0, STRANGER);
        vm.prank(BOB);
        vesting.changeBeneficiary(address(sale), allocation, _noProof, STRANGER);
        buy(alice, SOFT);
        list();
        vm.expectEmit(address(vesting));
        emit IVesting.Claimed(address(sale), 0, STRANGER, 100e18);
        vesting.claimFor(address(sale), allocation, _noProof);
        vm.warp(CLOSES + DELAY + 50 days);
        vm.expectEmit(address(vesting));
        emit IVesting.Revoked(address(sale), 0, 550e18, 450e18);
        vm.prank(TREASURY);
        vesting.revoke(address(sale), allocation, _noProof);

        vm.warp(OPENS);
        deploy();
        fail();
        vm.expectEmit(address(vesting));
        emit IVesting.ReturnedToSale(address(sale), 1000e18);
        vesting.returnToSale(address(sale));
    }
}
