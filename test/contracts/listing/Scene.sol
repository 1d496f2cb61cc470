// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ISale, Voucher} from "../../../contracts/interfaces/ISale.sol";
import {Terms} from "../../../contracts/interfaces/Terms.sol";
import {PlainCurrency} from "../../../contracts/mocks/PlainCurrency.sol";
import {Dice} from "../invariant/Dice.sol";
import {Vm} from "../support/Vm.sol";
import {IWeth, Uniswap} from "./Uniswap.sol";

/// @notice Sales that anybody may list now, and an attacker, this contract, with more money than any of them raised.
abstract contract Scene is Dice {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address private constant CONSOLE = 0x000000000000000000636F6e736F6c652e6c6f67;

    uint256 internal constant OPENS = 2_000_000_000;
    uint256 internal constant CLOSES = OPENS + 30 days;
    uint256 internal constant LOCK = 365 days;
    uint256 internal constant SUPPLY = 10_000_000e18;
    uint256 internal constant PURSE = 2 ** 80;
    address internal constant TREASURY = address(0x74ea5);

    /// @dev One prepared sale. `money` is what its pool holds: WETH on v2 and v3 where the currency is ETH.
    struct Lot {
        ISale sale;
        address currency;
        address money;
        address token;
        bool existing;
        bytes32 salt;
        uint256 raised;
        uint256 poolMoney;
        uint256 poolTokens;
    }

    IWeth internal weth;
    address internal venue;
    PlainCurrency internal dollar;
    Lot[] internal lots;
    uint24 internal feeTier = 3000;
    int24 internal tickSpacing;
    uint256 private _documents;

    receive() external payable {}

    /// @dev Deploys Uniswap and the venue.
    function _build() internal virtual;
    /// @dev What the pool of a sale in ETH holds.
    function _wraps() internal view virtual returns (bool);

    function _open() internal {
        vm.warp(OPENS - 1);
        vm.deal(address(this), 2 * PURSE);
        weth = IWeth(_create(Uniswap.weth9()));
        weth.deposit{value: PURSE}();
        dollar = new PlainCurrency();
        dollar.mint(address(this), 2 * PURSE);
        _build();
    }

    /// @dev Settles all of them at one time.
    function _settle() internal {
        vm.warp(OPENS);
        for (uint256 i; i < lots.length; i++) {
            Lot storage lot = lots[i];
            Voucher memory voucher = Voucher(0, type(uint96).max, 0, 2 ** 40, 0);
            bool ether_ = lot.currency == address(0);
            if (!ether_) dollar.approve(address(lot.sale), lot.raised);
            lot.sale.purchase{value: ether_ ? lot.raised : 0}(lot.raised, lot.raised, voucher, "");
        }
        vm.warp(CLOSES);
        for (uint256 i; i < lots.length; i++) lots[i].sale.finalise();
        vm.warp(CLOSES + 1 days);
    }

    /// @dev A sale whose token lies below its currency or above it, as wanted.
    function _addSale(
        address currency,
        address existing,
        uint256 raised,
        bool below
    ) internal returns (Lot storage lot) {
        Terms memory t = _terms(currency, existing);
        address money = currency == address(0) && _wraps() ? address(weth) : currency;
        ISale sale;
        do {
            t.document.hash = bytes32(++_documents);
            sale = ISale(_create(abi.encodePacked(vm.getCode("contracts/Sale.sol:Sale"), abi.encode(t))));
        } while (sale.token() != address(0) && currency != address(0) && (sale.token() < money) != below);
        lots.push();
        lot = lots[lots.length - 1];
        (lot.sale, lot.currency, lot.money) = (sale, currency, money);
        (lot.token, lot.existing, lot.raised) = (sale.token(), existing != address(0), raised);
        // 98 % of it, of which 40 %, in whole lots of 3.
        uint256 whole = (((raised - raised / 50) * 4) / 10) / 3;
        (lot.poolMoney, lot.poolTokens) = (whole * 3, whole * 4e13);
        if (lot.existing) {
            PlainCurrency(existing).mint(address(this), SUPPLY);
            PlainCurrency(existing).approve(address(sale), SUPPLY);
            sale.fund();
        }
    }

    function _terms(address currency, address existing) private view returns (Terms memory t) {
        t.chainId = block.chainid;
        (t.token.name, t.token.symbol, t.token.decimals) = ("Harbour", "HRB", existing == address(0) ? 18 : 6);
        (t.token.maxSupply, t.token.existing) = (SUPPLY, existing);
        t.sale.currency = currency;
        (t.sale.price.currencyUnits, t.sale.price.tokenUnits) = (3, 5e13);
        (t.sale.opensAt, t.sale.closesAt) = (uint64(OPENS), uint64(CLOSES));
        (t.sale.softCap, t.sale.hardCap, t.sale.minPurchase) = (30_000e6, 240_000e6, 30);
        (t.listing.delay, t.listing.deadline) = (1 days, uint64(CLOSES + 30 days));
        t.listing.liquidityBps = 4000;
        (t.listing.price.currencyUnits, t.listing.price.tokenUnits) = (3, 4e13);
        (t.listing.venue, t.listing.feeTier, t.listing.tickSpacing) = (venue, feeTier, tickSpacing);
        t.listing.lockSeconds = uint64(LOCK);
        (t.payout.feeBps, t.payout.feeRecipient, t.payout.treasury) = (200, address(0xfee), TREASURY);
        t.vesting.buyers.initialBps = 10_000;
    }

    function _create(bytes memory code) internal returns (address made) {
        assembly {
            made := create(0, add(code, 32), mload(code))
            if iszero(made) {
                returndatacopy(0, 0, returndatasize())
                revert(0, returndatasize())
            }
        }
    }

    function _create2(bytes memory code, bytes32 salt) internal returns (address made) {
        assembly {
            made := create2(0, add(code, 32), mload(code), salt)
        }
        require(made != address(0), "create2");
    }

    /// @dev The least number whose CREATE2 address has v4's bits; `wrap` where the venue hashes salts with a sale first.
    function _mine(address from, bytes32 codeHash, address sale) internal pure returns (bytes32 salt) {
        bytes memory head = abi.encodePacked(hex"ff", from, bytes32(0), codeHash);
        for (uint256 i; ; i++) {
            salt = sale == address(0) ? bytes32(i) : keccak256(abi.encode(sale, bytes32(i)));
            uint256 made;
            assembly {
                mstore(add(head, 53), salt)
                made := keccak256(add(head, 32), 85)
            }
            if (made & 0x3fff == 0x2000) return bytes32(i);
        }
    }

    /// @dev All the money the attacker can spend: ETH and WETH are one.
    function _purse(Lot memory lot) internal view returns (uint256) {
        if (lot.currency == address(0)) return address(this).balance + weth.balanceOf(address(this));
        return dollar.balanceOf(address(this));
    }

    function _moneyOf(Lot memory lot, address account) internal view returns (uint256) {
        return lot.currency == address(0) ? account.balance : IERC20(lot.currency).balanceOf(account);
    }

    function _say(string memory line) internal view {
        (bool heard, ) = CONSOLE.staticcall(abi.encodeWithSignature("log(string)", line));
        heard;
    }
}
