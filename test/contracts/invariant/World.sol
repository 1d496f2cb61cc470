// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISale} from "../../../contracts/interfaces/ISale.sol";
import {IVesting} from "../../../contracts/interfaces/IVesting.sol";
import {Schedule, Terms} from "../../../contracts/interfaces/Terms.sol";
import {ContractSigner} from "../../../contracts/mocks/ContractSigner.sol";
import {MoodyBuyer} from "../../../contracts/mocks/MoodyBuyer.sol";
import {MoodyToken} from "../../../contracts/mocks/MoodyToken.sol";
import {MoodyVenue} from "../../../contracts/mocks/MoodyVenue.sol";
import {Vm} from "../support/Vm.sol";
import {Dice} from "./Dice.sol";

/// @notice The actors, and a new sale for each episode, whose terms are drawn with a liking for their bounds.
abstract contract World is Dice {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint256 internal constant BUYERS = 5;
    uint256 internal constant ALLOCATIONS = 3;
    uint256 internal constant PURSE = 2 ** 100;
    uint256 internal constant KEY_FIRST = 0x51;
    uint256 internal constant KEY_SECOND = 0x52;
    uint256 internal constant KEY_OF_CONTRACT = 0x53;
    uint256 internal constant KEY_UNKNOWN = 0x54;

    address internal constant OWNER = address(0x0111);
    address internal constant HEIR = address(0x0112);
    address internal constant COMPLIANCE = address(0xc0111);
    address internal constant GUARDIAN = address(0x60a4d);
    address internal constant TREASURY = address(0x74ea5);
    address internal constant FEE_RECIPIENT = address(0xfee);
    address internal constant STRANGER = address(0x57a);
    address internal constant REVOKER = address(0x4e0);
    address internal constant BURN = 0x000000000000000000000000000000000000dEaD;
    address private constant SALE_CODE = address(0xc0de);

    /// @dev An EOA, an EOA that delegates to code, two contracts, another EOA.
    address[] internal buyers;
    ContractSigner internal contractSigner;
    IVesting internal vesting;

    Terms internal terms;
    ISale internal sale;
    MoodyVenue internal venue;
    /// @dev Zero where ETH is the currency; where the token is born with the sale, `existing` is zero.
    MoodyToken internal money;
    MoodyToken internal existing;
    /// @dev There from `list` on: until then nothing lies at `token`, and the sale names none.
    bool internal bornInList;
    address internal token;
    IVesting.Allocation[] internal allocations;
    bytes32[] private _leaves;
    address[4] private _signers;

    constructor() {
        MoodyBuyer code = new MoodyBuyer();
        address delegator = vm.addr(0xb1);
        vm.etch(delegator, abi.encodePacked(hex"ef0100", address(code)));
        buyers = [vm.addr(0xb0), delegator, address(new MoodyBuyer()), address(new MoodyBuyer()), vm.addr(0xb4)];
        contractSigner = new ContractSigner(vm.addr(KEY_OF_CONTRACT));
        _signers = [vm.addr(KEY_FIRST), vm.addr(KEY_SECOND), address(contractSigner), vm.addr(KEY_UNKNOWN)];
        vesting = IVesting(_create(vm.getCode("contracts/Vesting.sol:Vesting")));
        vm.etch(SALE_CODE, vm.getCode("contracts/Sale.sol:Sale"));
    }

    function _hasCode(address account) internal view returns (bool) {
        return account == buyers[1] || account == buyers[2] || account == buyers[3];
    }

    function _newSale() internal {
        venue = new MoodyVenue(_chance(50));
        money = _chance(30) ? MoodyToken(address(0)) : new MoodyToken(_chance(30));
        existing = _chance(40) ? MoodyToken(address(0)) : new MoodyToken(_chance(30));
        _chooseSale();
        _chooseListing();
        _choosePayout();
        if (_poolTooCoarse()) (terms.listing.liquidityBps, terms.listing.venue) = (0, address(0));
        _chooseVesting();
        _chooseRoles();
        terms.chainId = block.chainid;
        terms.token.name = "Harbour";
        terms.token.symbol = "HRB";
        terms.token.decimals = address(existing) == address(0) ? uint8(_pick(0, 6, 18, 24)) : existing.decimals();
        terms.token.existing = address(existing);
        uint256 promised =
            _tokensFor(terms.sale.hardCap) +
                _poolTokens(_poolMoney(terms.sale.hardCap)) +
                terms.vesting.allocationsTotal;
        terms.token.maxSupply = promised + _pick(0, promised / 3, 1);
        terms.document.hash = bytes32(_roll());
        terms.document.uri = "https://harbour.example/paper.pdf";

        vm.warp(terms.sale.opensAt - _pick(1, 1 hours, 30 days));
        (address made, bytes memory answer) = _deploySale();
        if (made == address(0)) _raise(answer);
        sale = ISale(made);
        bornInList = address(existing) == address(0) && terms.listing.liquidityBps != 0 && venue.bearsToken();
        token = bornInList ? _firstCreationOf(address(venue)) : sale.token();
        for (uint256 i; i < BUYERS; i++) {
            if (_hasCode(buyers[i])) MoodyBuyer(payable(buyers[i])).arm(false, address(0), "");
            if (address(money) == address(0)) vm.deal(buyers[i], PURSE);
            else money.mint(buyers[i], PURSE);
        }
        if (address(money) == address(0)) vm.deal(address(venue), PURSE);
        else money.mint(address(venue), 2 ** 131);
        vm.deal(STRANGER, PURSE);
        vm.deal(address(this), PURSE);
    }

    function _signer(uint256 key) internal view returns (address) {
        return _signers[key - KEY_FIRST];
    }

    /// @dev From zero, as quiet tokens want it; they answer nothing.
    function _approve(MoodyToken asset, address from, address spender, uint256 amount) internal {
        for (uint256 i; i < 2; i++) {
            vm.prank(from);
            (bool passed, ) = address(asset).call(abi.encodeCall(MoodyToken.approve, (spender, i == 0 ? 0 : amount)));
            require(passed, "approve");
        }
    }

    /// @dev Zero and what it answered where creation is refused.
    function _deploySale() internal returns (address made, bytes memory answer) {
        bytes memory code = abi.encodePacked(SALE_CODE.code, abi.encode(terms));
        assembly {
            made := create(0, add(code, 32), mload(code))
            if iszero(made) {
                answer := mload(0x40)
                mstore(answer, returndatasize())
                returndatacopy(add(answer, 32), 0, returndatasize())
                mstore(0x40, add(answer, add(64, returndatasize())))
            }
        }
    }

    function _firstCreationOf(address creator) private pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"d694", creator, hex"01")))));
    }

    function _create(bytes memory code) internal returns (address made) {
        assembly {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0), "creation");
    }

    function _raise(bytes memory answer) internal pure {
        assembly {
            revert(add(answer, 32), mload(answer))
        }
    }

    // ── What the terms come to, by the design's words ──

    function _tokensFor(uint256 amount) internal view returns (uint256) {
        return (amount * terms.sale.price.tokenUnits) / terms.sale.price.currencyUnits;
    }

    function _fee(uint256 raised) internal view returns (uint256) {
        return terms.payout.feeFixed + (terms.payout.feeBps * raised) / 10_000;
    }

    function _poolMoney(uint256 raised) internal view returns (uint256) {
        uint256 lots =
            ((raised - _fee(raised)) * terms.listing.liquidityBps) / 10_000 / terms.listing.price.currencyUnits;
        return lots * terms.listing.price.currencyUnits;
    }

    function _poolTokens(uint256 poolMoney) internal view returns (uint256) {
        return (poolMoney * terms.listing.price.tokenUnits) / terms.listing.price.currencyUnits;
    }

    function _poolTooCoarse() internal view returns (bool) {
        return terms.listing.price.currencyUnits * 100 > _poolMoney(terms.sale.softCap);
    }

    function _proofOf(uint256 index) internal view returns (bytes32[] memory proof) {
        if (index == 2) {
            proof = new bytes32[](1);
            proof[0] = _pair(_leaves[0], _leaves[1]);
        } else {
            proof = new bytes32[](2);
            proof[0] = _leaves[1 - index];
            proof[1] = _leaves[2];
        }
    }

    // ── Terms ──

    function _chooseSale() private {
        uint256 unit = _pick(_pick(1, 3), 7, 1000, _pick(1e6, 1e12));
        uint256 lots = _pick(_pick(1, 2, 5), 100, 10_000, _pick(1e9, type(uint96).max / unit));
        if (address(money) == address(0) && lots * unit > PURSE / 8) lots = 10_000;
        terms.sale.currency = address(money);
        terms.sale.price.currencyUnits = unit;
        terms.sale.price.tokenUnits = lots > 2 ** 60 ? 11 : _pick(1, 11, 1_000_003, 5e13 + 1);
        _lowest(terms.sale.price.currencyUnits, terms.sale.price.tokenUnits);
        terms.sale.hardCap = unit * lots;
        terms.sale.softCap = unit * _pick(1, _between(1, lots), lots / 10 + 1, lots);
        terms.sale.minPurchase = unit * _pick(0, 1, lots / 10, lots / 3);

        uint256 length = _pick(_pick(1, 2), 1 hours, 30 days, 730 days);
        terms.sale.opensAt = uint64(_between(1_000_000_000, 2_000_000_000));
        terms.sale.closesAt = terms.sale.opensAt + uint64(length);
        terms.sale.coolingOff = uint64(_pick(0, 1, 14 days, _pick(1 hours, 730 days)));
        terms.sale.voucherRequired = _chance(75);
        terms.sale.ejectable = _chance(85);
        terms.listing.delay = uint64(_pick(1 hours, 1 days, 30 days));
        uint64 least = terms.sale.closesAt + terms.listing.delay + 3 days;
        terms.listing.deadline = least + uint64(_pick(0, 1, 7 days, 727 days));
        if (_chance(10)) {
            // As late as `paidAt` can say.
            uint64 later = type(uint32).max - terms.listing.deadline;
            terms.sale.opensAt += later;
            terms.sale.closesAt += later;
            terms.listing.deadline += later;
        }
    }

    /// @dev Keeps a price in lowest terms by leaving its token side at 1 where it is not.
    function _lowest(uint256 a, uint256 b) private {
        while (b != 0) (a, b) = (b, a % b);
        if (a != 1) terms.sale.price.tokenUnits = 1;
    }

    function _chooseListing() private {
        terms.listing.liquidityBps = uint16(_pick(0, 1, 4000, 10_000));
        terms.listing.price = terms.sale.price;
        // Dearer: fewer tokens, or more currency; both keep the lowest terms.
        if (_chance(30)) terms.listing.price.tokenUnits = 1;
        if (_chance(10)) (terms.listing.price.currencyUnits, terms.listing.price.tokenUnits) = (type(uint96).max, 1);
        terms.listing.venue = terms.listing.liquidityBps == 0 ? address(0) : address(venue);
        terms.listing.feeTier = uint24(_pick(0, 3000, type(uint24).max));
        terms.listing.tickSpacing = int24(uint24(_pick(0, 60, type(uint24).max)));
        terms.listing.lockSeconds = uint64(_pick(0, 365 days, 36_500 days, type(uint64).max));
    }

    function _choosePayout() private {
        terms.payout.feeBps = uint16(_pick(0, 200, 1000));
        uint256 most = (terms.sale.softCap * (1000 - terms.payout.feeBps)) / 10_000;
        terms.payout.feeFixed = _pick(0, most / 2, most);
        terms.payout.feeRecipient = terms.payout.feeBps + terms.payout.feeFixed == 0 ? address(0) : FEE_RECIPIENT;
        terms.payout.treasury = TREASURY;
        terms.payout.streamSeconds = uint64(_pick(0, 1, 100 days, 36_500 days));
        terms.payout.burnUnsold = _chance(50);
    }

    function _chooseVesting() private {
        terms.vesting.buyers = _schedule();
        terms.vesting.vesting = address(vesting);
        delete allocations;
        delete _leaves;
        terms.vesting.allocationsRoot = 0;
        terms.vesting.allocationsTotal = 0;
        uint256 size = _pick(1, 1000, 1e20);
        // The last is a beneficiary with code; a schedule of the root passes no bounds.
        for (uint256 i; i < ALLOCATIONS; i++) {
            address revoker = _chance(80) ? REVOKER : address(0);
            allocations.push(IVesting.Allocation(i, buyers[i], _between(1, size), _schedule(), revoker));
            if (_chance(5)) allocations[i].schedule.initialBps = type(uint16).max;
        }
        if (_chance(20)) {
            // Which it then does not need.
            if (_chance(50)) terms.vesting.vesting = address(0);
            return;
        }

        uint256 total;
        for (uint256 i; i < ALLOCATIONS; i++) {
            _leaves.push(keccak256(bytes.concat(keccak256(abi.encode(allocations[i])))));
            total += allocations[i].amount;
        }
        terms.vesting.allocationsRoot = _pair(_pair(_leaves[0], _leaves[1]), _leaves[2]);
        // At times the root promises more than is escrowed.
        terms.vesting.allocationsTotal = _chance(80) ? total : total / 2 + 1;
    }

    function _schedule() private returns (Schedule memory s) {
        s.initialBps = uint16(_pick(0, 1, 2500, 10_000));
        s.durationSeconds = uint64(_pick(0, 1, 100 days, _pick(1 hours, 36_500 days)));
        s.cliffSeconds = uint64(_pick(0, s.durationSeconds / 3, s.durationSeconds));
        s.steps = uint32(_pick(0, 1, 12, type(uint32).max));
    }

    function _chooseRoles() private {
        terms.roles.owner = _chance(90) ? OWNER : address(0);
        terms.roles.compliance = _chance(95) ? COMPLIANCE : address(0);
        terms.roles.guardian = _chance(90) ? GUARDIAN : address(0);
        terms.roles.signer = terms.roles.owner == address(0) || _chance(90) ? _signer(KEY_FIRST) : address(0);
        terms.roles.signerMaxCap = _pick(terms.sale.hardCap, terms.sale.hardCap / 2, type(uint96).max);
        terms.roles.signerMaxWindow = uint64(_pick(1, 10 minutes, 1 days, type(uint64).max));
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(bytes.concat(a, b)) : keccak256(bytes.concat(b, a));
    }
}
