// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {ISale, Phase, Voucher} from "../../contracts/interfaces/ISale.sol";
import {HostileBuyer} from "../../contracts/mocks/HostileBuyer.sol";
import {HostileToken} from "../../contracts/mocks/HostileToken.sol";
import {SaleFixture} from "./support/SaleFixture.sol";

/// @dev Takes nothing of what it is allowed.
contract IdleVesting {
    // solhint-disable-next-line no-empty-blocks
    function register(address, bytes32, uint256, address) external {}
}

/// @notice Attacks that no single function's tests are about.
contract ThreatsTest is SaleFixture {
    function test_Threat62_no_role_changes_what_a_buyer_gets() public {
        buy(alice, SOFT);
        bytes32 code = keccak256(address(sale).code);
        bytes32 hash = sale.termsHash();
        address sold = address(token);

        vm.prank(OWNER);
        sale.addSigner(BOB, HARD, 1 days);
        vm.prank(OWNER);
        sale.strikeOffSigner(signer);
        vm.prank(OWNER);
        Ownable2Step(address(sale)).transferOwnership(STRANGER);
        vm.prank(STRANGER);
        Ownable2Step(address(sale)).acceptOwnership();
        vm.prank(COMPLIANCE);
        sale.invalidate(alice, 77);
        vm.prank(GUARDIAN);
        sale.pause(72 hours);

        list();
        vm.warp(CLOSES + DELAY + 100 days);
        sale.claim(alice);
        assertEq(token.balanceOf(alice), (SOFT / 3) * 5e13, "at the price of the terms");
        assertEq(keccak256(address(sale).code), code, "code");
        assertEq(sale.termsHash(), hash, "terms");
        require(sale.token() == sold, "token");
    }

    function test_Threat66_what_starts_a_sale_runs_once() public {
        HostileToken existing = _sellExisting();
        existing.mint(STRANGER, 5_000_000e18);
        vm.prank(STRANGER);
        existing.approve(address(sale), type(uint256).max);
        expectPhase(Phase.Pending, Phase.Unfunded);
        vm.prank(STRANGER);
        sale.fund();
    }

    function test_Threat66_a_stranger_cannot_register_for_a_sale() public {
        vm.prank(STRANGER);
        vesting.register(address(usdc), bytes32(uint256(1)), 0, STRANGER);
        (address grantToken, , , ) = vesting.grantOf(address(sale));
        require(grantToken == address(0), "registered");
    }

    function test_Threat72_a_claim_called_back_pays_once() public {
        HostileToken existing = _sellExisting();
        vm.warp(OPENS);
        HostileBuyer hostile = new HostileBuyer(sale);
        usdc.mint(address(hostile), SOFT);
        Voucher memory voucher = voucherFor(address(hostile), HARD);
        hostile.purchase(SOFT, voucher, signed(address(hostile), voucher));
        list();

        hostile.setCall(abi.encodeCall(ISale.claim, (address(hostile))));
        existing.setCalledBack(address(hostile));
        sale.claim(address(hostile));
        require(!hostile.passed(), "re-entered");
        assertEq(existing.balanceOf(address(hostile)), ((SOFT / 3) * 5e13) / 4, "the initial quarter, once");
    }

    function test_Threat73_leaves_no_allowance() public {
        terms.vesting.allocationsRoot = bytes32(uint256(1));
        terms.vesting.allocationsTotal = 1e18;
        deploy();
        assertEq(token.allowance(address(sale), address(vesting)), 0, "vesting's");
        terms.vesting.vesting = address(new IdleVesting());
        deploy();
        assertEq(token.allowance(address(sale), terms.vesting.vesting), 0, "of one that takes nothing");
        terms.vesting.vesting = address(vesting);
        deploy();

        buy(alice, SOFT);
        venue.setUnusedCurrency(3);
        list();
        assertEq(usdc.allowance(address(sale), address(venue)), 0, "the venue's, of currency");
        assertEq(token.allowance(address(sale), address(venue)), 0, "the venue's, of tokens");
    }

    /// @dev The issuer's side can do nothing in the block of a purchase: neither failing nor listing follows at once.
    function test_ThreatR5_nothing_bought_is_listed_in_the_same_block() public {
        terms.sale.coolingOff = 0;
        deploy();
        buy(alice, HARD);
        sale.finalise();
        bytes19 history = sale.history();
        vm.expectRevert(
            abi.encodeWithSelector(ISale.Sale_ListingTooEarly.selector, block.timestamp, block.timestamp + DELAY)
        );
        sale.list(history);
    }

    /// @dev An existing token, funded.
    function _sellExisting() private returns (HostileToken existing) {
        existing = new HostileToken();
        terms.token.existing = address(existing);
        terms.token.maxSupply = 5_000_000e18;
        terms.listing.liquidityBps = 0;
        terms.listing.venue = address(0);
        vm.warp(OPENS - 1 days);
        deploy();
        existing.mint(TREASURY, 5_000_000e18);
        vm.prank(TREASURY);
        existing.approve(address(sale), type(uint256).max);
        vm.prank(TREASURY);
        sale.fund();
    }
}
