// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Phase} from "../../../contracts/interfaces/ISale.sol";
import {IVesting} from "../../../contracts/interfaces/IVesting.sol";
import {Checks} from "./Checks.sol";
import {Action, Step} from "./Step.sol";

/// @notice What is tried from a state and then undone: single steps, and pairs of ways that must come to the same.
/// @dev Each runs in a call to itself that reverts with its result, so that the state is as before.
abstract contract Trials is Checks {
    uint256 private constant WAYS = 2 * BUYERS + 3 + ALLOCATIONS + 1;

    error Undone(bytes32 result);
    error NotMe();

    modifier onlyMe() {
        if (msg.sender != address(this)) revert NotMe();
        _;
    }

    function _undo(bytes memory call) internal returns (bytes32 result) {
        uint256 time = block.timestamp;
        (, bytes memory got) = address(this).call(call);
        vm.warp(time);
        if (bytes4(got) != Undone.selector) _raise(got);
        assembly {
            result := mload(add(got, 36))
        }
    }

    function tryStep(Step calldata s) external onlyMe {
        _take(s);
        revert Undone(0);
    }

    // ── I11, I13: without any role, in any order, everything leaves ──

    function _drainTwice() internal {
        uint256 path = _roll();
        bytes32 once = _undo(abi.encodeCall(this.drain, (path, _roll())));
        bytes32 again = _undo(abi.encodeCall(this.drain, (path, _roll())));
        _same(once, again, "I11 the order of exits matters");
    }

    function drain(uint256 path, uint256 order) external onlyMe {
        (calm, brief) = (true, true);
        _seed(path);
        _moveOn();
        uint256 last = _below(2 * BUYERS);
        _seed(order);
        _exitAll(last);
        _checkAll();
        _checkEmpty();
        revert Undone(_exited());
    }

    /// @dev A stranger and time alone.
    function _moveOn() private {
        for (uint256 i; i < 8; i++) {
            Phase p = _phase();
            if (p == Phase.Failed) return;
            if (p == Phase.Listed) {
                vm.warp(block.timestamp + 36_500 days);
                return;
            }
            uint256 opens = _b().settledAt + terms.listing.delay;
            if (p == Phase.Closed && _chance(80)) _alone(Action.Finalise, 0);
            else if (p == Phase.Succeeded && block.timestamp >= opens && _chance(80)) _alone(Action.List, 0);
            else if (p == Phase.Succeeded && block.timestamp < opens) vm.warp(opens);
            else vm.warp(_nextEdge());
        }
    }

    /// @dev All ways out in an order of its own; buyer `last` waits until all others have left.
    function _exitAll(uint256 last) private {
        uint256[] memory order = new uint256[](WAYS);
        for (uint256 i; i < WAYS; i++) order[i] = i;
        for (uint256 i = WAYS - 1; i > 0; i--) {
            uint256 j = _below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        for (uint256 i; i < WAYS; i++) {
            if (order[i] >= 2 * BUYERS || order[i] % BUYERS != last) _exit(order[i]);
        }
        if (last < BUYERS) {
            _exit(last);
            _exit(last + BUYERS);
        }
        // Once more, now that Vesting may have been emptied after the sale.
        _alone(Action.ReleaseUnsold, 0);
    }

    function _exit(uint256 way) private {
        bool failed = _phase() == Phase.Failed;
        if (way < BUYERS) _alone(failed ? Action.Refund : Action.Claim, way);
        else if (way < 2 * BUYERS) _alone(Action.ReleaseEjected, way - BUYERS);
        else if (way == 2 * BUYERS) _alone(Action.ReleaseFee, 0);
        else if (way == 2 * BUYERS + 1) _alone(Action.ReleaseTreasury, 0);
        else if (way == 2 * BUYERS + 2) _alone(Action.ReleaseUnsold, 0);
        else if (way < WAYS - 1) _alone(Action.VestingClaimFor, way - 2 * BUYERS - 3);
        else _alone(Action.VestingReturnToSale, 0);
    }

    function _alone(Action action, uint256 index) internal {
        Step memory s;
        (s.action, s.from, s.to) = (action, STRANGER, address(sale));
        if (action <= Action.Claim) _planExit(s, buyers[index]);
        else if (action == Action.Fund) _planFund(s);
        else if (action == Action.Finalise) _planFinalise(s);
        else if (action == Action.List) _planList(s);
        else if (action <= Action.ReleaseUnsold) _planRelease(s);
        else _planVesting(s, index);
        _take(s);
    }

    function _checkEmpty() private view {
        _same(_held(address(money), address(sale)), _b().moneyGifts, "I13 money stays in the sale");
        _same(_held(token, address(sale)), _b().tokenGifts, "I13 tokens stay in the sale");
        if (!_overpromised()) _same(_b().escrowed, 0, "I13 tokens stay in Vesting");
        for (uint256 i; i < BUYERS; i++) {
            (uint256 paid, uint256 claimed, , ) = sale.positionOf(buyers[i]);
            _same(claimed, paid, "I13 a buyer is left without");
            _same(sale.ejectedOf(buyers[i]), 0, "I13 an ejected buyer is left without");
        }
    }

    function _overpromised() internal view returns (bool) {
        if (terms.vesting.allocationsTotal == 0) return false;
        uint256 sum;
        for (uint256 i; i < ALLOCATIONS; i++) sum += allocations[i].amount;
        return sum != terms.vesting.allocationsTotal;
    }

    /// @dev Where the root promises more than there is, the first beneficiaries get it: their order is left out.
    function _exited() private view returns (bytes32 result) {
        bool overpromised = _overpromised();
        for (uint256 i; i < BUYERS; i++) {
            result = keccak256(abi.encode(result, _held(address(money), buyers[i])));
            if (!overpromised) result = keccak256(abi.encode(result, _held(token, buyers[i])));
        }
        address asset = address(money);
        return
            keccak256(abi.encode(result, _held(asset, TREASURY), _held(asset, FEE_RECIPIENT), _held(token, TREASURY)));
    }

    // ── I12: splitting is neutral ──

    function _splitPurchase() internal {
        address buyer = buyers[_below(BUYERS)];
        uint256 unit = terms.sale.price.currencyUnits;
        uint256 a = unit * _between(1, terms.sale.hardCap / unit);
        uint256 b = unit * _between(1, terms.sale.hardCap / unit);
        bytes32 whole = _undo(abi.encodeCall(this.buySplit, (buyer, a + b, 0)));
        bytes32 split = _undo(abi.encodeCall(this.buySplit, (buyer, a, b)));
        if (whole != 0 && split != 0) _same(whole, split, "I12 splitting a purchase matters");
    }

    /// @dev Zero where one of the purchases does not pass.
    function buySplit(address buyer, uint256 a, uint256 b) external onlyMe {
        calm = true;
        if (!_buy(buyer, a) || (b != 0 && !_buy(buyer, b))) revert Undone(0);
        (uint256 paid, uint256 claimed, , ) = sale.positionOf(buyer);
        uint256 left = _held(address(money), buyer);
        revert Undone(keccak256(abi.encode(paid, claimed, sale.raised(), left, _held(address(money), address(sale)))));
    }

    function _buy(address buyer, uint256 amount) internal returns (bool) {
        Step memory s;
        s.action = Action.Purchase;
        _planPurchase(s, buyer, amount, 0);
        _take(s);
        return _passes(s);
    }

    function _splitClaim() internal {
        uint256 buyer = _below(BUYERS);
        uint256 first = block.timestamp + _below(120 days);
        uint256 second = first + _below(120 days);
        bytes32 whole = _undo(abi.encodeCall(this.claimSplit, (buyer, second, second)));
        _same(whole, _undo(abi.encodeCall(this.claimSplit, (buyer, first, second))), "I12 splitting a claim matters");
    }

    function claimSplit(uint256 buyer, uint256 first, uint256 second) external onlyMe {
        calm = true;
        vm.warp(first);
        _alone(Action.Claim, buyer);
        vm.warp(second);
        _alone(Action.Claim, buyer);
        revert Undone(bytes32(_held(token, buyers[buyer])));
    }

    // ── I15, I16: vesting ──

    function _checkVestingOverTime() internal {
        IVesting.Allocation memory a = allocations[_below(ALLOCATIONS)];
        uint256 listedAt = _between(1, 2 ** 33);
        uint256 length = uint256(a.schedule.durationSeconds) + 2;
        uint256 early = listedAt + _pick(_below(length), a.schedule.cliffSeconds);
        uint256 late = early + _pick(_below(length), 1);
        uint256 first = vesting.vestedAt(a, listedAt, early);
        _atMost(first, vesting.vestedAt(a, listedAt, late), "I15 vested falls");
        _atMost(vesting.vestedAt(a, listedAt, late), a.amount, "I15 vested over the amount");
        _same(first, _released(a.schedule, a.amount, early - listedAt), "I15 vested");
        _same(vesting.vestedAt(a, listedAt, listedAt + length), a.amount, "I15 not all in the end");
        _same(vesting.vestedAt(a, listedAt, listedAt - 1), 0, "I15 vested before the listing");
        _same(vesting.vestedAt(a, 0, late), 0, "I15 vested without a listing");
    }

    function _claimAndRevoke() internal {
        uint256 index = _below(ALLOCATIONS);
        if (_overpromised() || allocations[index].revoker == address(0)) return;
        bytes32 once = _undo(abi.encodeCall(this.claimRevoke, (index, true)));
        _same(once, _undo(abi.encodeCall(this.claimRevoke, (index, false))), "I16 claim and revoke do not commute");
    }

    function claimRevoke(uint256 index, bool claimFirst) external onlyMe {
        calm = true;
        if (claimFirst) _alone(Action.VestingClaimFor, index);
        _alone(Action.VestingRevoke, index);
        vm.warp(block.timestamp + 36_500 days);
        _alone(Action.VestingClaimFor, index);
        bytes32 all = keccak256(abi.encode(_held(token, _beneficiary(index)), _held(token, TREASURY), _b().escrowed));
        revert Undone(all);
    }
}
