// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {SaleFixture} from "./support/SaleFixture.sol";
import {ILaunchRegistry} from "../../contracts/interfaces/ILaunchRegistry.sol";
import {PlainCurrency} from "../../contracts/mocks/PlainCurrency.sol";

/// @dev As BNB was on Ethereum.
contract NoZeroApproval is PlainCurrency {
    error NoZeroApproval_Zero();

    function approve(address spender, uint256 amount) public override returns (bool) {
        if (amount == 0) revert NoZeroApproval_Zero();
        return super.approve(spender, amount);
    }
}

contract TermsTest is SaleFixture {
    function test_refuses_another_chain() public {
        terms.chainId = 2;
        refuseTerm("chainId", 2, block.chainid);
    }

    function test_T33_refuses_more_than_24_decimals() public {
        terms.token.decimals = 25;
        refuseTerm("token.decimals", 25, 24);
        terms.token.decimals = 24;
        deploy();
    }

    function test_T35_refuses_no_supply_or_less_than_promised() public {
        uint256 pool = ((HARD - HARD / 50) * 4) / 10;
        uint256 promised = (HARD / 3) * 5e13 + (pool / 3) * 4e13;
        terms.token.maxSupply = promised - 1;
        refuseTerm("token.maxSupply", promised - 1, promised);
        terms.token.maxSupply = promised;
        deploy();
        terms.token.maxSupply = 0;
        refuseTerm("token.maxSupply", 0, 1);
    }

    /// @dev Two donations of 2^127 units and more left neither fees nor liquidity of a v4 position to be paid out.
    function test_Threat90_refuses_a_supply_that_could_hold_up_the_lock_for_ever() public {
        terms.token.maxSupply = (1 << 127) - 1;
        deploy();
        terms.token.maxSupply = 1 << 127;
        refuseTerm("token.maxSupply", 1 << 127, (1 << 127) - 1);
    }

    function test_T34_refuses_allocations_beyond_the_supply_with_a_reason() public {
        terms.vesting.allocationsRoot = bytes32(uint256(1));
        terms.vesting.allocationsTotal = type(uint256).max;
        refuseTerm("vesting.allocationsTotal", type(uint256).max, terms.token.maxSupply);
    }

    function test_refuses_allocations_without_their_root_and_a_root_without_allocations() public {
        terms.vesting.allocationsTotal = 1;
        refuseTerm("vesting.allocationsRoot", 0, 0);
        terms.vesting.allocationsTotal = 0;
        terms.vesting.allocationsRoot = bytes32(uint256(7));
        refuseTerm("vesting.allocationsRoot", 7, 0);
    }

    function test_refuses_a_lock_of_more_than_a_century_that_is_not_for_ever() public {
        terms.listing.lockSeconds = 36_500 days + 1;
        refuseTerm("listing.lockSeconds", 36_500 days + 1, 36_500 days);
        terms.listing.lockSeconds = type(uint64).max - 1;
        refuseTerm("listing.lockSeconds", type(uint64).max - 1, 36_500 days);
        terms.listing.lockSeconds = type(uint64).max;
        deploy();
    }

    function test_T33_refuses_decimals_that_an_existing_token_denies() public {
        PlainCurrency existing = new PlainCurrency();
        terms.token.existing = address(existing);
        terms.listing.liquidityBps = 0;
        terms.listing.venue = address(0);
        refuseTerm("token.decimals", 18, 6);
        terms.token.decimals = 6;
        deploy();
    }

    /// @dev 35,280 of the soft cap go into the pool: a hundred times the price's units, or less than that.
    function test_Threat71_refuses_a_listing_price_that_rounds_the_pool_away() public {
        terms.listing.price.currencyUnits = 352_800_001;
        terms.listing.price.tokenUnits = 11 ** 20;
        refuseTerm("listing.price", 352_800_001, (99 * 352_800_001) / uint256(100));
        terms.listing.price.currencyUnits = 352_800_000;
        deploy();
        terms.listing.liquidityBps = 0;
        terms.listing.venue = address(0);
        terms.listing.price.currencyUnits = type(uint96).max;
        terms.listing.price.tokenUnits = 1;
        deploy();
    }

    function test_Threat71_refuses_allocations_where_no_vesting_is() public {
        terms.vesting.allocationsRoot = bytes32(uint256(1));
        terms.vesting.allocationsTotal = 1;
        terms.vesting.vesting = address(0);
        refuseTerm("vesting.vesting", 0, 1);
        terms.vesting.vesting = STRANGER;
        refuseTerm("vesting.vesting", uint160(STRANGER), 1);
        terms.vesting.vesting = address(vesting);
        deploy();
    }

    function test_Threat71_refuses_tokens_that_refuse_an_approval_of_zero() public {
        address stubborn = address(new NoZeroApproval());
        bytes memory refusal = abi.encodeWithSelector(NoZeroApproval.NoZeroApproval_Zero.selector);
        terms.sale.currency = stubborn;
        refuseTerms(refusal);
        terms.sale.currency = address(usdc);
        terms.token.existing = stubborn;
        terms.token.decimals = 6;
        refuseTerms(refusal);
        terms.listing.liquidityBps = 0;
        terms.listing.venue = address(0);
        deploy();
    }

    function test_the_token_is_as_the_terms_say() public {
        terms.token.decimals = 7;
        deploy();
        IERC20Metadata born = IERC20Metadata(address(token));
        assertEq(born.decimals(), 7, "decimals");
        assertEq(keccak256(bytes(born.name())), keccak256("Harbour"), "name");
        assertEq(keccak256(bytes(born.symbol())), keccak256("HRB"), "symbol");
        assertEq(born.totalSupply(), terms.token.maxSupply, "supply");
    }

    function test_a_token_born_at_creation_may_have_a_long_symbol() public {
        terms.token.symbol = "A symbol that no word of 32 bytes holds";
        deploy();
        string memory symbol = IERC20Metadata(address(token)).symbol();
        assertEq(keccak256(bytes(symbol)), keccak256(bytes(terms.token.symbol)), "symbol");
    }

    function test_T23_refuses_the_currency_as_the_token() public {
        terms.token.existing = address(usdc);
        refuseTerm("token.existing", uint160(address(usdc)), 0);
    }

    function test_refuses_a_price_not_in_lowest_terms_or_zero() public {
        terms.sale.price.currencyUnits = 6;
        refuseTerm("sale.price", 2, 1);
        terms.sale.price.currencyUnits = 0;
        refuseTerm("sale.price", 0, 1);
    }

    function test_refuses_caps_out_of_bounds_or_not_in_lots() public {
        terms.sale.hardCap = HARD + 1;
        refuseTerm("sale.hardCap", 1, 0);
        terms.sale.hardCap = SOFT - 3;
        refuseTerm("sale.softCap", SOFT, SOFT - 3);
        terms.sale.hardCap = 1 << 96;
        refuseTerm("sale.hardCap", 1 << 96, type(uint96).max);
        terms.sale.hardCap = HARD;
        terms.sale.softCap = SOFT + 1;
        refuseTerm("sale.softCap", 1, 0);
        terms.sale.softCap = 0;
        refuseTerm("sale.softCap", 0, 3);
        terms.sale.softCap = SOFT;
        terms.sale.minPurchase = MINIMUM + 1;
        refuseTerm("sale.minPurchase", 1, 0);
        terms.sale.minPurchase = HARD + 3;
        refuseTerm("sale.minPurchase", HARD + 3, HARD);
    }

    function test_T49_refuses_times_out_of_order() public {
        terms.sale.closesAt = uint64(OPENS);
        refuseTerm("sale.closesAt", OPENS, OPENS + 1);
        terms.sale.closesAt = uint64(CLOSES);
        terms.listing.delay = 1 hours - 1;
        refuseTerm("listing.delay", 1 hours - 1, 1 hours);
        terms.listing.delay = uint64(DELAY);
        terms.listing.deadline = uint64(CLOSES + DELAY + 3 days - 1);
        refuseTerm("listing.deadline", CLOSES + DELAY + 3 days - 1, CLOSES + DELAY + 3 days);
        terms.listing.deadline = uint64(CLOSES + DELAY + 3 days);
        deploy();
    }

    function test_Threat71_refuses_listing_below_the_sale_price() public {
        terms.listing.price.tokenUnits = 5e13 + 3;
        refuseTerm("listing.price", 3 * 5e13, 3 * (5e13 + 3));
        terms.listing.price.tokenUnits = 5e13;
        deploy();
    }

    function test_refuses_fees_above_a_tenth_together() public {
        terms.payout.feeBps = 1001;
        refuseTerm("payout.feeBps", 1001, 1000);
        terms.payout.feeBps = 500;
        terms.payout.feeFixed = SOFT / 20 + 1;
        refuseTerm("payout.fee", SOFT * 1000 + 10_000, SOFT * 1000);
        terms.payout.feeFixed = SOFT / 20;
        deploy();
        terms.payout.feeRecipient = address(0);
        refuseTerm("payout.feeRecipient", 500 + SOFT / 20, 0);
    }

    function test_refuses_no_treasury_no_venue_no_signer() public {
        terms.payout.treasury = address(0);
        refuseTerm("payout.treasury", 0, 1);
        terms.payout.treasury = TREASURY;
        terms.listing.venue = address(0);
        refuseTerm("listing.venue", 0, 4000);
        terms.listing.venue = address(venue);
        terms.roles.signer = address(0);
        terms.roles.owner = address(0);
        refuseTerm("roles.signer", 0, 1);
    }

    function test_refuses_a_schedule_out_of_bounds() public {
        terms.vesting.buyers.initialBps = 10_001;
        refuseTerm("vesting.buyers.initialBps", 10_001, 10_000);
        terms.vesting.buyers.initialBps = 0;
        terms.vesting.buyers.cliffSeconds = 100 days + 1;
        refuseTerm("vesting.buyers.cliffSeconds", 100 days + 1, 100 days);
    }

    function test_T47_without_any_key_the_sale_still_ends() public {
        terms.sale.voucherRequired = false;
        delete terms.roles;
        deploy();
        buy(alice, SOFT);
        list();
        sale.claim(alice);
    }

    function test_registry_announces_what_the_sale_says() public {
        ILaunchRegistry registry = ILaunchRegistry(create(vm.getCode("contracts/LaunchRegistry.sol:LaunchRegistry")));
        registry.announce(address(sale));
        vm.expectRevert();
        registry.announce(STRANGER);
    }
}
