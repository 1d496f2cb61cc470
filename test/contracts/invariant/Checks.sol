// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {ISale, Kind, Phase} from "../../../contracts/interfaces/ISale.sol";
import {IVesting} from "../../../contracts/interfaces/IVesting.sol";
import {MoodyBuyer} from "../../../contracts/mocks/MoodyBuyer.sol";
import {Mood, MoodyToken} from "../../../contracts/mocks/MoodyToken.sol";
import {Vm} from "../support/Vm.sol";
import {Actions} from "./Actions.sol";
import {Action, Reentry, Step} from "./Step.sol";

/// @notice Takes a step and holds what came of it against the books: the numbered invariants of README.md.
abstract contract Checks is Actions {
    Phase internal lastPhase;
    /// @dev Only what a call comes to; the state is checked after several.
    bool internal brief;
    bytes32 private _saleCode;
    bytes32 private _termsHash;

    error Broken(string invariant, bytes got, bytes wanted);

    function _openChecks() internal {
        lastPhase = _phase();
        (_saleCode, _termsHash) = (address(sale).codehash, sale.termsHash());
        // Which one it is, Vectors.t.sol says.
        _atMost(1, uint256(_termsHash), "I7 terms hash");
        if (address(existing) == address(0) && !bornInList) _checkBorn();
        _checkAll();
    }

    function _checkBorn() private view {
        IERC20Metadata born = IERC20Metadata(token);
        _same(keccak256(bytes(born.name())), keccak256(bytes(terms.token.name)), "I7 name");
        _same(keccak256(bytes(born.symbol())), keccak256(bytes(terms.token.symbol)), "I7 symbol");
        _same(born.decimals(), terms.token.decimals, "I7 decimals");
        _same(born.totalSupply(), terms.token.maxSupply, "I7 supply");
    }

    function _take(Step memory s) internal {
        Phase before = _phase();
        _meet(s);
        if (s.action <= Action.PurchaseWithAuthorization && _chance(25)) _checkPreview(s);
        bool entersHistory = _kindOf(s.action) != 0;
        if (entersHistory) vm.recordLogs();

        vm.prank(s.from);
        (bool passed, bytes memory got) = s.to.call{value: s.value}(s.data);

        if (passed != _passes(s) || (!passed && keccak256(got) != keccak256(s.wanted))) {
            revert Broken(passed ? "I19 passes" : "I19 error", got, s.wanted);
        }
        if (passed) {
            if (!_allows(s.action, before)) revert Broken("I19 forbidden in this phase", "", "");
            bytes19 history = _b().history;
            _note(s);
            if (entersHistory) _checkEntry(history);
            _checkBound(s);
        }
        _part(s, passed);
        // What reverts changes nothing: the machine sees to that.
        if (!passed || brief) _checkPhase();
        else _checkAll();
    }

    /// @dev What the design lets happen in each phase at all: the table of ISale.Phase.
    function _allows(Action a, Phase p) internal pure returns (bool) {
        if (a <= Action.Withdraw) return p == Phase.Open;
        if (a == Action.Refund) return p == Phase.Failed;
        if (a == Action.ReleaseEjected) return p >= Phase.Open;
        if (a == Action.Claim || a == Action.ReleaseFee || a == Action.ReleaseTreasury) return p == Phase.Listed;
        if (a == Action.Fund) return p == Phase.Unfunded;
        if (a == Action.Finalise) return p == Phase.Closed;
        if (a == Action.List) return p == Phase.Succeeded;
        if (a == Action.ReleaseUnsold) return p >= Phase.Listed;
        if (a == Action.Invalidate) return p == Phase.Pending || p == Phase.Open || p == Phase.Closed;
        if (a == Action.Eject) return p == Phase.Open || p == Phase.Closed;
        if (a == Action.Pause) return p == Phase.Pending || p == Phase.Open;
        if (a == Action.DeclareFailed) return p <= Phase.Succeeded;
        if (a == Action.SendEther || a == Action.UnknownCall) return false;
        if (a == Action.VestingClaimFor || a == Action.VestingRevoke) return p == Phase.Listed;
        if (a == Action.VestingChangeBeneficiary) return p != Phase.Unfunded;
        if (a == Action.VestingReturnToSale) return p == Phase.Failed;
        return true;
    }

    /// @dev The error by which a phase forbids an action to one who may otherwise call it.
    function _errorOf(Action a, Phase p) internal pure returns (bytes4) {
        if (a == Action.SendEther) return ISale.Sale_EtherRefused.selector;
        if (a == Action.UnknownCall) return 0;
        // Before the opening there is nobody to eject.
        if (a == Action.Eject && p == Phase.Pending) return ISale.Sale_NothingPaid.selector;
        if (a == Action.ReleaseEjected) return ISale.Sale_NothingPaid.selector;
        if (a >= Action.ReleaseFee && a <= Action.ReleaseUnsold) return ISale.Sale_NothingToRelease.selector;
        if (a < Action.VestingRegister) return ISale.Sale_WrongPhase.selector;
        if (p == Phase.Unfunded) return IVesting.Vesting_Unknown.selector;
        if (a == Action.VestingClaimFor) return IVesting.Vesting_NothingToClaim.selector;
        return
            a == Action.VestingRevoke
                ? IVesting.Vesting_SaleNotListed.selector
                : IVesting.Vesting_SaleNotFailed.selector;
    }

    // ── The world around a step ──

    function _meet(Step memory s) private {
        if (s.moody != address(0)) MoodyToken(s.moody).setMood(s.mood, s.moodAt);
        if (s.refuses || s.reentry != Reentry.None) {
            MoodyBuyer(payable(s.moodAt)).arm(s.refuses, _calledBack(s.reentry), s.reentryCall);
        }
        if (s.action == Action.List) venue.setPlan(s.plan);
    }

    function _calledBack(Reentry reentry) private view returns (address) {
        if (reentry == Reentry.Money) return address(money);
        return reentry == Reentry.Vesting ? address(vesting) : address(sale);
    }

    function _part(Step memory s, bool passed) private {
        if (s.moody != address(0)) MoodyToken(s.moody).setMood(Mood.Calm, address(0));
        if (s.refuses || s.reentry != Reentry.None) {
            MoodyBuyer buyer = MoodyBuyer(payable(s.moodAt));
            if (buyer.entered()) _checkReentry(s, buyer);
            else if (passed && s.reentry != Reentry.None) revert Broken("the buyer's code was not called", "", "");
            buyer.arm(false, address(0), "");
        }
        if (s.action == Action.List && passed && terms.listing.liquidityBps != 0) {
            _same(venue.asked(), _listing(s.voucher.orderId), "I7 what the venue is asked");
            if (bornInList) _same(venue.bornWith(), s.voucher.orderId, "I7 salt of the birth");
            if (bornInList) _checkBorn();
            if (s.plan.call.length != 0 && (venue.passed() || venue.answer() != _guarded())) {
                revert Broken("I18 re-entry from the venue", abi.encode(venue.answer()), abi.encode(_guarded()));
            }
        }
    }

    function _checkReentry(Step memory s, MoodyBuyer buyer) private {
        bool wanted = s.reentry == Reentry.Finalise && _phase() == Phase.Closed;
        if (buyer.passed() != wanted) revert Broken("I18 re-entry", abi.encode(buyer.answer()), s.reentryCall);
        if (wanted) _b().settledAt = block.timestamp;
        bytes4 error_ =
            s.reentry == Reentry.Guarded
                ? _guarded()
                : s.reentry == Reentry.Vesting
                    ? IVesting.Vesting_NothingToClaim.selector
                    : wanted
                        ? bytes4(0)
                        : ISale.Sale_WrongPhase.selector;
        _same(buyer.answer(), error_, "I18 re-entry is refused by the guard");
    }

    // ── Purchases and history ──

    function _checkPreview(Step memory s) private view {
        (bool passed, bytes memory got) = address(sale).staticcall(_previewData(s));
        bool wanted = s.checkWanted.length == 0;
        bytes memory answer = wanted ? abi.encode(s.extra) : s.checkWanted;
        if (passed != wanted || keccak256(got) != keccak256(answer)) {
            revert Broken("I22 preview", got, answer);
        }
    }

    /// @dev Held against the sale itself, not against the books.
    function _checkBound(Step memory s) private view {
        if (s.action > Action.PurchaseWithAuthorization) return;
        (uint256 paid, , , ) = sale.positionOf(s.who);
        _atMost(paid, s.voucher.cumulativeCap, "I4 spend over the voucher's cap");
        _atMost(s.voucher.validFrom, block.timestamp, "I6 voucher before its time");
        _atMost(block.timestamp + 1, s.voucher.validUntil, "I6 voucher after its time");
        if (!terms.sale.voucherRequired) return;
        bytes32 digest = _digest(_domain(address(sale), block.chainid), s.who, s.voucher);
        (uint256 status, uint256 maxCap, ) = sale.signerOf(_signerOf(digest, s.signature));
        _same(status, 1, "I6 voucher of a signer that is not admitted");
        _atMost(paid, maxCap, "I4 spend over the signer's cap");
    }

    /// @dev From 1; 0 enters nothing.
    function _kindOf(Action a) private pure returns (uint256) {
        if (a <= Action.PurchaseWithAuthorization) return 1 + uint256(Kind.Purchase);
        if (a == Action.Withdraw) return 1 + uint256(Kind.Withdraw);
        if (a == Action.Invalidate) return 1 + uint256(Kind.Invalidate);
        if (a == Action.Eject) return 1 + uint256(Kind.Eject);
        return 0;
    }

    /// @dev Replays from the event alone, as an indexer does.
    function _checkEntry(bytes19 history) private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 entries;
        for (uint256 i; i < logs.length; i++) {
            if (logs[i].emitter != address(sale)) continue;
            (bool isEntry, bytes19 replayed, bytes19 said) = _replay(logs[i], history);
            if (!isEntry) continue;
            entries++;
            _same(said, replayed, "I17 history of the event");
            _same(said, _b().history, "I17 history of the books");
        }
        _same(entries, 1, "I17 one entry each");
    }

    function _replay(
        Vm.Log memory log,
        bytes19 history
    ) private pure returns (bool isEntry, bytes19 replayed, bytes19 said) {
        bytes32 topic = log.topics[0];
        uint256 kind;
        uint256 nonce;
        uint256 amount;
        bytes32 orderId;
        if (topic == ISale.Purchased.selector) {
            (kind, orderId) = (uint256(Kind.Purchase), log.topics[2]);
            (nonce, amount, said) = abi.decode(log.data, (uint256, uint256, bytes19));
        } else if (topic == ISale.Withdrawn.selector || topic == ISale.Ejected.selector) {
            kind = uint256(topic == ISale.Ejected.selector ? Kind.Eject : Kind.Withdraw);
            (nonce, amount, said) = abi.decode(log.data, (uint256, uint256, bytes19));
        } else if (topic == ISale.Invalidated.selector) {
            kind = uint256(Kind.Invalidate);
            (nonce, said) = abi.decode(log.data, (uint256, bytes19));
        } else {
            return (false, 0, 0);
        }
        bytes memory entry = abi.encode(history, kind, log.topics[1], nonce, amount, orderId);
        return (true, bytes19(keccak256(entry)), said);
    }

    // ── After every step ──

    function _checkAll() internal {
        _checkPhase();
        _checkTerms();
        _checkBooks();
        _checkAccounts();
        _checkVesting();
        _checkBalances();
    }

    function _checkPhase() private {
        Phase p = sale.phase();
        _same(uint256(p), uint256(_phase()), "I8 phase");
        bool ended = lastPhase == Phase.Listed && p != Phase.Listed;
        if (p < lastPhase || ended) revert Broken("I8 phase goes back", abi.encode(p), abi.encode(lastPhase));
        lastPhase = p;
    }

    function _checkTerms() private view {
        _same(address(sale).codehash, _saleCode, "I7 code and terms in it");
        _same(sale.termsHash(), _termsHash, "I7 terms hash");
        _same(_word(sale.currency()), _word(address(money)), "I7 currency");
        bool unborn = bornInList && _b().listedAt == 0;
        _same(_word(sale.token()), _word(unborn ? address(0) : token), "I7 token");
        for (uint256 key = KEY_FIRST; key <= KEY_UNKNOWN; key++) {
            SignerBook storage book = _signerBook(_signer(key));
            (uint256 status, uint256 maxCap, uint256 maxWindow) = sale.signerOf(_signer(key));
            _same(status, book.status, "I20 signer");
            _same(maxCap, book.maxCap, "I7 signer's cap");
            _same(maxWindow, book.maxWindow, "I7 signer's window");
        }
    }

    function _checkBooks() private view {
        Books storage b = _b();
        uint256 raised = sale.raised();
        _atMost(raised, terms.sale.hardCap, "I3 raised over the hard cap");
        _same(raised, b.raised, "I3 raised");
        _same(sale.history(), b.history, "I17 history");
        _same(sale.settledAt(), b.settledAt, "I8 settledAt");
        _same(sale.listedAt(), b.listedAt, "I8 listedAt");
        _same(sale.pausedUntil(), b.pausedUntil, "I20 pause");
        _same(_word(Ownable2Step(address(sale)).owner()), _word(b.owner), "I20 owner");
        _same(_word(Ownable2Step(address(sale)).pendingOwner()), _word(b.heir), "I20 heir");
        (uint256 fee, uint256 treasury, uint256 treasuryPaid, uint256 unsold) = sale.credits();
        _same(fee, b.fee, "I2 fee");
        _same(treasury, b.treasury, "I2 treasury");
        _same(treasuryPaid, b.treasuryPaid, "I2 treasury paid");
        _same(unsold, b.unsold, "I2 unsold");
    }

    function _checkAccounts() private view {
        uint256 sum;
        bool refunded;
        for (uint256 i; i < BUYERS; i++) {
            address buyer = buyers[i];
            Account storage a = _of(buyer);
            (uint256 paid, uint256 claimed, uint256 nonce, uint256 paidAt) = sale.positionOf(buyer);
            _same(paid, a.paid, "I3 position");
            _same(claimed, a.claimed, "I15 claimed");
            _atMost(claimed, paid, "I15 claimed over paid");
            _same(nonce, a.nonce, "I5 nonce");
            _same(paidAt, a.paidAt, "I3 paidAt");
            _same(sale.ejectedOf(buyer), a.ejected, "I1 ejected");
            _same(sale.claimable(buyer), _tokensFor(_releasedTo(buyer) - a.claimed), "I15 claimable");
            if (a.tookTokens && a.tookRefund) revert Broken("I9 claimed and refunded", "", "");
            if (a.tookRefund && sale.phase() != Phase.Failed) revert Broken("I9 refunded, not failed", "", "");
            refunded = refunded || a.tookRefund;
            sum += paid;
        }
        if (!refunded) _same(sum, sale.raised(), "I3 sum of positions");
    }

    function _checkVesting() private view {
        if (terms.vesting.allocationsTotal == 0) return;
        (, bytes32 root, uint256 remaining, ) = vesting.grantOf(address(sale));
        _same(root, _b().granted ? terms.vesting.allocationsRoot : bytes32(0), "I7 allocations");
        _same(remaining, _b().escrowed, "I15 escrowed");
        for (uint256 i; i < ALLOCATIONS; i++) {
            (uint256 claimed, uint256 revokedAt, address beneficiary) = vesting.stateOf(address(sale), allocations[i]);
            _same(claimed, _allotment(i).claimed, "I15 claimed of an allocation");
            _atMost(claimed, allocations[i].amount, "I15 over the allocation");
            _same(revokedAt, _allotment(i).revokedAt, "I16 revoked");
            _same(_word(beneficiary), _word(_allotment(i).beneficiary), "I20 beneficiary");
        }
    }

    function _checkBalances() private view {
        address asset = address(money);
        for (uint256 i; i < BUYERS; i++) {
            _checkBalance(asset, buyers[i]);
            _checkBalance(token, buyers[i]);
        }
        _checkBalance(asset, TREASURY);
        _checkBalance(token, TREASURY);
        _checkBalance(asset, FEE_RECIPIENT);
        _checkBalance(asset, address(venue));
        _checkBalance(token, address(venue));
        _checkBalance(asset, address(sale));
        _checkBalance(token, address(sale));
        _checkBalance(token, address(vesting));
        _checkBalance(token, BURN);

        _atMost(owedByVesting[token], _held(token, address(vesting)), "I1 Vesting owes more than it holds");
        _atMost(_owedMoney(), _held(asset, address(sale)), "I1 the sale owes more than it holds");
        _atMost(_owedTokens(), _held(token, address(sale)), "I1 the sale owes more tokens than it holds");
        _same(_held(asset, address(sale)), _owedMoney() + _b().moneyGifts, "I2 money");
        if (_b().listedAt != 0) _same(_held(token, address(sale)), _owedTokens() + _b().tokenGifts, "I2 tokens");

        if (token.code.length != 0) {
            _same(IERC20(token).allowance(address(sale), address(venue)), 0, "I14 allowance of the venue");
            _same(IERC20(token).allowance(address(sale), address(vesting)), 0, "I14 allowance of Vesting");
        }
        if (asset != address(0)) {
            _same(IERC20(asset).allowance(address(sale), address(venue)), 0, "I14 allowance of the venue");
        }
    }

    function _checkBalance(address asset, address account) private view {
        _same(_held(asset, account), ledger[asset][account], "I10 who holds what");
    }

    // ── Words ──

    function _word(address a) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(a)));
    }

    function _same(uint256 got, uint256 wanted, string memory what) internal pure {
        if (got != wanted) revert Broken(what, abi.encode(got), abi.encode(wanted));
    }

    function _same(bytes32 got, bytes32 wanted, string memory what) internal pure {
        if (got != wanted) revert Broken(what, abi.encode(got), abi.encode(wanted));
    }

    function _atMost(uint256 got, uint256 most, string memory what) internal pure {
        if (got > most) revert Broken(what, abi.encode(got), abi.encode(most));
    }
}
