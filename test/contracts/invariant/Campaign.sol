// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Phase} from "../../../contracts/interfaces/ISale.sol";
import {MoodyToken} from "../../../contracts/mocks/MoodyToken.sol";
import {Bounds} from "./Bounds.sol";
import {Matrix} from "./Matrix.sol";
import {Action, Step} from "./Step.sol";

/// @notice Leads sales from creation to their end, one after the other. A step follows from its seed and the state alone, so
/// a failing episode runs again from its seed, and with steps left out.
abstract contract Campaign is Bounds, Matrix {
    uint256 private constant MOST_STEPS = 255;

    bool internal started;
    bool internal over;

    /// @dev An episode failed at this step.
    error Failed(uint256 step, bytes why);

    /// @dev `skip`: a bit for each step to leave out.
    function episode(uint256 seed, uint256 skip) external onlyMe {
        started = false;
        for (uint256 i; i < MOST_STEPS && !(started && over); i++) {
            if ((skip >> i) & 1 != 0) continue;
            try this.step(uint256(keccak256(abi.encode(seed, i)))) {} catch (bytes memory why) {
                revert Failed(i, why);
            }
        }
    }

    function step(uint256 seed) external onlyMe {
        _seed(seed);
        if (!started || over) {
            _begin();
            return;
        }
        Phase p = _phase();
        if (_chance(_percentOver(p))) {
            _advance(p);
            return;
        }
        uint256 r = _below(100);
        if (r < 10) _jump();
        else if (r < 13) _donate();
        else if (r < 16) _compare(p);
        else if (r == 16) _drainTwice();
        else if (r == 17) _refuseTerms();
        else _act(_plan(_draw(p)));
    }

    function _begin() private {
        (started, over) = (true, false);
        calm = false;
        _newSale();
        _openBooks();
        _openChecks();
    }

    // ── One call ──

    /// @dev How soon a phase is over.
    function _percentOver(Phase p) private pure returns (uint256) {
        if (p == Phase.Pending) return 8;
        if (p == Phase.Open || p == Phase.Closed) return 5;
        return
            p == Phase.Succeeded
                ? 4
                : p == Phase.Listed
                    ? 3
                    : 7;
    }

    /// @dev Any; more often those of which few pass.
    function _draw(Phase p) private returns (Action) {
        if (_someEjected() && _chance(5)) return Action.ReleaseEjected;
        if (_chance(70)) return Action(_below(uint256(type(Action).max) + 1));
        uint256 r = _below(12);
        if (r < 2) return Action.StrikeOffSigner;
        if (r < 4) return _b().heir == address(0) ? Action.TransferOwnership : Action.AcceptOwnership;
        if (r == 4) return _chance(50) ? Action.AddSigner : Action.RenounceOwnership;
        if (r == 5) return _chance(50) ? Action.VestingRegister : Action.VestingChangeBeneficiary;
        (bool often, bool seldom) = (r < 9, r > 10);
        if (p == Phase.Open) {
            if (often) return Action(_below(3));
            return seldom ? Action.Withdraw : Action.Eject;
        }
        if (p == Phase.Closed) {
            if (often) return Action.Invalidate;
            return seldom ? Action.VestingRevoke : Action.Eject;
        }
        if (p == Phase.Succeeded) {
            if (often) return Action.List;
            return seldom ? Action.VestingRevoke : Action.DeclareFailed;
        }
        if (p == Phase.Listed) {
            if (often) return Action(_pick(6, 10, 11, 12));
            return seldom ? Action.VestingClaimFor : Action.VestingRevoke;
        }
        if (p == Phase.Failed) {
            if (often) return Action.Refund;
            return seldom ? Action.VestingRevoke : Action.VestingReturnToSale;
        }
        if (often) return _chance(50) ? Action.Invalidate : Action.Eject;
        return seldom ? Action.DeclareFailed : Action.Pause;
    }

    function _someEjected() private view returns (bool) {
        for (uint256 i; i < BUYERS; i++) {
            if (_of(buyers[i]).ejected != 0) return true;
        }
        return false;
    }

    function _act(Step memory s) private {
        Phase p = _phase();
        _narrate(s, p);
        if (_passes(s) && _chance(_percentTried(s.action))) _undo(abi.encodeCall(this.tryStep, (s)));
        else _take(s);
        _count(s, p, _passes(s));
    }

    /// @dev How often a step that passes is undone again, so that it can be tried more than once.
    function _percentTried(Action a) private pure returns (uint256) {
        if (a == Action.Fund || a == Action.Finalise || a == Action.List || a == Action.DeclareFailed) return 100;
        if (a == Action.RenounceOwnership) return 90;
        if (a == Action.Pause || a == Action.StrikeOffSigner || a == Action.ReleaseFee) return 70;
        if (a == Action.ReleaseUnsold || a == Action.ReleaseTreasury || a == Action.VestingRevoke) return 70;
        if (a >= Action.Withdraw && a <= Action.Claim) return 80;
        if (a == Action.AcceptOwnership) return 70;
        return 0;
    }

    function _compare(Phase p) private {
        if (p == Phase.Open) _splitPurchase();
        else if (p == Phase.Listed && _chance(50)) _splitClaim();
        else if (p == Phase.Listed) _claimAndRevoke();
        else _checkVestingOverTime();
    }

    // ── The world ──

    /// @dev To an edge or anywhere, but not out of the phase.
    function _jump() private {
        uint256 to = _edge();
        if (to != 0 && _chance(50)) to -= 1;
        if (to <= block.timestamp) to = block.timestamp + _pick(1, _below(1 days));
        uint256 end = _nextEdge();
        if (end != 0 && to >= end) to = end - 1;
        if (to < 2 ** 39) _warp(to);
    }

    function _edge() private returns (uint256) {
        Books storage b = _b();
        Account storage a = _of(buyers[_below(BUYERS)]);
        uint256 i = _below(9);
        if (i == 0) return b.settledAt + terms.listing.delay;
        if (i == 1) return a.paidAt + terms.sale.coolingOff;
        if (i == 2) return b.pausedUntil + 1;
        if (i == 3) return b.listedAt + terms.vesting.buyers.cliffSeconds + 1;
        if (i == 4) return b.listedAt + terms.vesting.buyers.durationSeconds + 1;
        if (i == 5) return b.listedAt + terms.payout.streamSeconds + 1;
        if (i == 6 && a.last.validUntil < 2 ** 39) return a.last.validUntil + 1;
        uint256 end = _nextEdge();
        return end == 0 ? block.timestamp + _below(200 days) + 1 : block.timestamp + _below(end - block.timestamp) + 1;
    }

    function _warp(uint256 to) private {
        vm.warp(to);
        _checkAll();
    }

    /// @dev Strangers' gifts, by no call to the sale.
    function _donate() private {
        uint256 amount = _pick(1, _below(terms.sale.hardCap));
        bool burnt = _phase() == Phase.Failed;
        if (_chance(50)) {
            if (address(money) == address(0)) {
                amount %= 2 ** 90;
                new Gift{value: amount}(payable(address(sale)));
            } else money.mint(address(sale), amount);
            _b().moneyGifts += amount;
            ledger[address(money)][address(sale)] += amount;
        } else if (address(existing) != address(0)) {
            address to = _chance(70) ? address(sale) : address(vesting);
            existing.mint(to, amount);
            ledger[token][to] += amount;
            if (to == address(sale)) _b().tokenGifts += amount;
        } else if (!burnt && token.code.length != 0) {
            address giver = buyers[_below(BUYERS)];
            amount = ledger[token][giver] / 2;
            vm.prank(giver);
            MoodyToken(token).transfer(address(sale), amount);
            _move(token, giver, address(sale), amount);
            _b().tokenGifts += amount;
        }
        _checkAll();
    }

    // ── On to the next phase ──

    function _advance(Phase p) private {
        calm = true;
        if (p >= Phase.Listed) {
            _drainTwice();
            over = true;
        } else if (_chance(8) && terms.roles.guardian != address(0)) {
            Step memory s;
            (s.action, s.to) = (Action.DeclareFailed, address(sale));
            _planGuardian(s);
            _actFor(s);
        } else if (p == Phase.Unfunded && _chance(85)) _actAlone(Action.Fund);
        else if (p == Phase.Open) _close();
        else if (p == Phase.Closed && _chance(85)) _actAlone(Action.Finalise);
        else if (p == Phase.Succeeded && _chance(90)) {
            uint256 opens = _b().settledAt + terms.listing.delay;
            if (block.timestamp < opens) _cross(opens);
            if (_phase() == Phase.Succeeded) _actAlone(Action.List);
        } else {
            _cross(_nextEdge());
            if (p == Phase.Pending) _firstPurchases();
        }
        calm = false;
    }

    function _actAlone(Action a) private {
        Phase p = _phase();
        _alone(a, 0);
        Step memory s;
        s.action = a;
        _count(s, p, true);
    }

    function _actFor(Step memory s) private {
        Phase p = _phase();
        _take(s);
        _count(s, p, _passes(s));
    }

    /// @dev The second before, the second itself, and at times the second after.
    function _cross(uint256 edge) private {
        if (edge - 1 > block.timestamp) _warp(edge - 1);
        _warp(edge);
        if (_chance(30)) _warp(edge + 1);
    }

    /// @dev So that most of what follows concerns somebody.
    function _firstPurchases() private {
        uint256 unit = terms.sale.price.currencyUnits;
        for (uint256 i; i < BUYERS && _chance(85) && _phase() == Phase.Open; i++) {
            uint256 most = terms.sale.hardCap / unit / 8 + 1;
            uint256 amount = unit * _between(1, most);
            _buy(buyers[i], amount < terms.sale.minPurchase ? terms.sale.minPurchase : amount);
        }
    }

    /// @dev Mostly reaches the soft cap first, at times the hard cap.
    function _close() private {
        uint256 goal = _chance(20) ? terms.sale.hardCap : terms.sale.softCap;
        for (uint256 i; i < 6 && _chance(95) && _b().raised < goal && _phase() == Phase.Open; i++) {
            _buy(buyers[_below(BUYERS)], goal - _b().raised);
        }
        if (_phase() == Phase.Open) _cross(terms.sale.closesAt);
    }
}

/// @notice Ether that nobody can refuse. (`vm.deal` would outlive an undone episode.)
contract Gift {
    constructor(address payable to) payable {
        selfdestruct(to);
    }
}
