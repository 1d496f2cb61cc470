// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ISale, Phase, Voucher} from "../../../contracts/interfaces/ISale.sol";
import {IVesting} from "../../../contracts/interfaces/IVesting.sol";
import {Schedule, Terms} from "../../../contracts/interfaces/Terms.sol";
import {MockUSDC} from "../../../contracts/mocks/MockUSDC.sol";
import {MockVenue} from "../../../contracts/mocks/MockVenue.sol";
import {Vm} from "./Vm.sol";

/// @notice A sale in USDC at 3 currency units for 5e13 token units, with vouchers, a venue, a vesting and every role.
/// Tests change `terms` and call `deploy`.
abstract contract SaleFixture {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint256 internal constant SIGNER_KEY = 0x51;
    uint256 internal constant ALICE_KEY = 0xa11ce;
    uint256 internal constant UNIT = 1e6;
    uint256 internal constant SOFT = 90_000 * UNIT;
    uint256 internal constant HARD = 240_000 * UNIT;
    uint256 internal constant MINIMUM = 30 * UNIT;
    uint256 internal constant OPENS = 2_000_000_000;
    uint256 internal constant CLOSES = OPENS + 30 days;
    uint256 internal constant DELAY = 1 days;
    uint256 internal constant DEADLINE = CLOSES + DELAY + 7 days;
    uint256 internal constant COOLING = 14 days;

    address internal constant OWNER = address(0x0111);
    address internal constant COMPLIANCE = address(0xc0111);
    address internal constant GUARDIAN = address(0x60a4d);
    address internal constant TREASURY = address(0x74ea5);
    address internal constant FEE_RECIPIENT = address(0xfee);
    address internal constant BOB = address(0xb0b);
    address internal constant STRANGER = address(0x57a);

    address internal alice;
    address internal signer;
    MockUSDC internal usdc;
    MockVenue internal venue;
    IVesting internal vesting;
    Terms internal terms;
    ISale internal sale;
    IERC20 internal token;

    function setUp() public virtual {
        vm.warp(OPENS - 1 days);
        alice = vm.addr(ALICE_KEY);
        signer = vm.addr(SIGNER_KEY);
        usdc = new MockUSDC();
        venue = new MockVenue();
        vesting = IVesting(create(vm.getCode("contracts/Vesting.sol:Vesting")));
        _defaultTerms();
        deploy();
        vm.warp(OPENS);
    }

    function _defaultTerms() private {
        terms.chainId = block.chainid;
        terms.token.name = "Harbour";
        terms.token.symbol = "HRB";
        terms.token.decimals = 18;
        terms.token.maxSupply = 10_000_000e18;
        terms.sale.currency = address(usdc);
        terms.sale.price.currencyUnits = 3;
        terms.sale.price.tokenUnits = 5e13;
        terms.sale.opensAt = uint64(OPENS);
        terms.sale.closesAt = uint64(CLOSES);
        terms.sale.coolingOff = uint64(COOLING);
        terms.sale.softCap = SOFT;
        terms.sale.hardCap = HARD;
        terms.sale.minPurchase = MINIMUM;
        terms.sale.voucherRequired = true;
        terms.sale.ejectable = true;
        terms.listing.delay = uint64(DELAY);
        terms.listing.deadline = uint64(DEADLINE);
        terms.listing.liquidityBps = 4000;
        terms.listing.price.currencyUnits = 3;
        terms.listing.price.tokenUnits = 4e13;
        terms.listing.venue = address(venue);
        terms.listing.feeTier = 3000;
        terms.listing.lockSeconds = 365 days;
        terms.payout.feeBps = 200;
        terms.payout.feeRecipient = FEE_RECIPIENT;
        terms.payout.treasury = TREASURY;
        terms.payout.streamSeconds = 100 days;
        terms.payout.burnUnsold = true;
        terms.vesting.vesting = address(vesting);
        terms.vesting.buyers = Schedule(2500, 10 days, 100 days, 0);
        terms.document.uri = "https://harbour.example/paper.pdf";
        terms.roles.owner = OWNER;
        terms.roles.compliance = COMPLIANCE;
        terms.roles.guardian = GUARDIAN;
        terms.roles.signer = signer;
        terms.roles.signerMaxCap = HARD;
        terms.roles.signerMaxWindow = 1 days;
    }

    function deploy() internal {
        sale = ISale(create(abi.encodePacked(vm.getCode("contracts/Sale.sol:Sale"), abi.encode(terms))));
        token = IERC20(sale.token());
    }

    /// @dev Terms that creation must refuse with `error_`.
    function refuseTerms(bytes memory error_) internal {
        bytes memory code = abi.encodePacked(vm.getCode("contracts/Sale.sol:Sale"), abi.encode(terms));
        address made;
        assembly {
            made := create(0, add(code, 32), mload(code))
        }
        require(made == address(0), "terms were accepted");
        bytes memory got;
        assembly {
            got := mload(0x40)
            mstore(got, returndatasize())
            returndatacopy(add(got, 32), 0, returndatasize())
            mstore(0x40, add(got, add(64, returndatasize())))
        }
        require(keccak256(got) == keccak256(error_), "another error");
    }

    function refuseTerm(string memory field, uint256 got, uint256 wanted) internal {
        refuseTerms(abi.encodeWithSelector(ISale.Sale_TermsInvalid.selector, field, got, wanted));
    }

    function create(bytes memory code) internal returns (address made) {
        assembly {
            made := create(0, add(code, 32), mload(code))
            if iszero(made) {
                returndatacopy(0, 0, returndatasize())
                revert(0, returndatasize())
            }
        }
    }

    // ── Vouchers ──

    function nonceOf(address buyer) internal view returns (uint256 nonce) {
        (, , nonce, ) = sale.positionOf(buyer);
    }

    function paidOf(address buyer) internal view returns (uint256 paid) {
        (paid, , , ) = sale.positionOf(buyer);
    }

    function voucherFor(address buyer, uint256 cap) internal view returns (Voucher memory) {
        uint256 nonce = nonceOf(buyer);
        return Voucher(nonce, cap, block.timestamp, block.timestamp + 10 minutes, keccak256(abi.encode(buyer, nonce)));
    }

    function signed(address buyer, Voucher memory voucher) internal view returns (bytes memory) {
        return signedBy(SIGNER_KEY, buyer, voucher);
    }

    function signedBy(uint256 key, address buyer, Voucher memory voucher) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, sale.voucherDigest(buyer, voucher));
        return abi.encodePacked(r, bytes32((uint256(v - 27) << 255) | uint256(s)));
    }

    function provide(address buyer, uint256 amount) internal {
        usdc.mint(buyer, amount);
        vm.prank(buyer);
        usdc.approve(address(sale), type(uint256).max);
    }

    /// @dev Buys with a voucher up to the hard cap.
    function buy(address buyer, uint256 amount) internal returns (uint256) {
        provide(buyer, amount);
        return buyAgain(buyer, amount);
    }

    function buyAgain(address buyer, uint256 amount) internal returns (uint256) {
        Voucher memory voucher = voucherFor(buyer, HARD);
        bytes memory signature = signed(buyer, voucher);
        vm.prank(buyer);
        return sale.purchase(amount, 0, voucher, signature);
    }

    // ── Phases ──

    function close() internal {
        vm.warp(CLOSES);
    }

    function settle() internal {
        close();
        sale.finalise();
    }

    function list() internal {
        settle();
        vm.warp(CLOSES + DELAY);
        sale.list(sale.history());
    }

    function fail() internal {
        vm.prank(GUARDIAN);
        sale.declareFailed();
    }

    function expectPhase(Phase got, Phase wanted) internal {
        vm.expectRevert(abi.encodeWithSelector(ISale.Sale_WrongPhase.selector, got, wanted));
    }

    // ── Assertions ──

    function assertEq(uint256 got, uint256 wanted, string memory what) internal pure {
        if (got != wanted) revert AssertUint(what, got, wanted);
    }

    function assertEq(bytes32 got, bytes32 wanted, string memory what) internal pure {
        if (got != wanted) revert AssertBytes(what, got, wanted);
    }

    function assertPhase(Phase wanted) internal view {
        assertEq(uint256(sale.phase()), uint256(wanted), "phase");
    }

    function bound(uint256 x, uint256 least, uint256 most) internal pure returns (uint256) {
        return least + (x % (most - least + 1));
    }

    error AssertUint(string what, uint256 got, uint256 wanted);
    error AssertBytes(string what, bytes32 got, bytes32 wanted);
}
