// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ISale, Kind, Phase} from "../../../contracts/interfaces/ISale.sol";
import {Listing} from "../../../contracts/interfaces/IVenue.sol";
import {IVesting} from "../../../contracts/interfaces/IVesting.sol";
import {MoodyToken} from "../../../contracts/mocks/MoodyToken.sol";
import {MoodyVenue} from "../../../contracts/mocks/MoodyVenue.sol";
import {Purchases} from "./Purchases.sol";
import {Action, Step} from "./Step.sol";

/// @notice Every call to Sale and Vesting: `_plan` draws one and says what comes of it, `_note` writes down what came.
abstract contract Actions is Purchases {
    /// @dev Who registered with Vesting beside the sale, last.
    address private _registrar;

    function _plan(Action action) internal returns (Step memory s) {
        s.action = action;
        (s.from, s.to) = (_anyone(), address(sale));
        if (action <= Action.PurchaseWithAuthorization) {
            address buyer = buyers[_below(BUYERS)];
            s.amount = _amount(buyer);
            _planPurchase(s, buyer, s.amount, _chance(50) ? 0 : _between(1, 18));
        } else if (action <= Action.Claim) _planExit(s, _buyerFor(action));
        else if (action == Action.Fund) _planFund(s);
        else if (action == Action.Finalise) _planFinalise(s);
        else if (action == Action.List) _planList(s);
        else if (action <= Action.ReleaseUnsold) _planRelease(s);
        else if (action <= Action.StrikeOffSigner) _planSigner(s);
        else if (action <= Action.Eject) _planCompliance(s);
        else if (action <= Action.DeclareFailed) _planGuardian(s);
        else if (action <= Action.RenounceOwnership) _planOwner(s);
        else if (action <= Action.UnknownCall) _planForeign(s);
        else if (action == Action.VestingRegister) _planRegister(s);
        else _planVesting(s, _below(ALLOCATIONS));
    }

    function _note(Step memory s) internal {
        Action a = s.action;
        if (a <= Action.PurchaseWithAuthorization) _notePurchase(s);
        else if (a <= Action.Claim) _noteExit(s);
        else if (a == Action.List) _noteList(s);
        else if (a <= Action.ReleaseUnsold) _noteProgress(s);
        else if (a <= Action.RenounceOwnership) _noteRole(s);
        else _noteVesting(s);
    }

    function _anyone() private returns (address) {
        uint256 i = _below(4);
        if (i == 0) return STRANGER;
        if (i == 1) return buyers[_below(BUYERS)];
        if (i == 2) return _pickRole();
        return TREASURY;
    }

    function _pickRole() private returns (address) {
        uint256 i = _below(4);
        return
            i == 0
                ? OWNER
                : i == 1
                    ? COMPLIANCE
                    : i == 2
                        ? GUARDIAN
                        : REVOKER;
    }

    /// @dev Mostly one who has something to gain.
    function _buyerFor(Action action) private returns (address buyer) {
        uint256 first = _below(BUYERS);
        for (uint256 i; i < BUYERS; i++) {
            buyer = buyers[(first + i) % BUYERS];
            Account storage a = _of(buyer);
            if (action == Action.ReleaseEjected ? a.ejected != 0 : a.paid != 0) break;
        }
        if (_chance(25)) buyer = buyers[first];
    }

    function _wrongPhase(Phase got, Phase wanted) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISale.Sale_WrongPhase.selector, got, wanted);
    }

    function _nothingPaid(address buyer) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISale.Sale_NothingPaid.selector, buyer);
    }

    // ── Buyers ──

    function _planExit(Step memory s, address buyer) internal {
        Phase p = _phase();
        Account storage a = _of(buyer);
        s.who = buyer;
        if (s.action == Action.Withdraw) {
            s.from = buyer;
            s.data = abi.encodeCall(ISale.withdraw, ());
            s.amount = a.paid;
            uint256 until = a.paidAt + terms.sale.coolingOff;
            if (p != Phase.Open) s.wanted = _wrongPhase(p, Phase.Open);
            else if (a.paid == 0) s.wanted = _nothingPaid(buyer);
            else if (block.timestamp >= until) {
                s.wanted = abi.encodeWithSelector(ISale.Sale_CoolingOffOver.selector, block.timestamp, until);
            }
        } else if (s.action == Action.Refund) {
            s.data = abi.encodeCall(ISale.refund, (buyer));
            s.amount = a.paid;
            if (p != Phase.Failed) s.wanted = _wrongPhase(p, Phase.Failed);
            else if (a.paid == 0) s.wanted = _nothingPaid(buyer);
        } else if (s.action == Action.ReleaseEjected) {
            s.data = abi.encodeCall(ISale.releaseEjected, (buyer));
            s.amount = a.ejected;
            if (a.ejected == 0) s.wanted = _nothingPaid(buyer);
        } else {
            s.data = abi.encodeCall(ISale.claim, (buyer));
            s.extra = _releasedTo(buyer);
            s.amount = _tokensFor(s.extra - a.claimed);
            if (p != Phase.Listed) s.wanted = _wrongPhase(p, Phase.Listed);
            else if (s.amount == 0) s.wanted = abi.encodeWithSelector(ISale.Sale_NothingToRelease.selector);
        }
        _moodOut(s, s.action == Action.Claim ? token : address(money), buyer);
    }

    function _noteExit(Step memory s) private {
        Account storage a = _of(s.who);
        if (s.action == Action.Claim) {
            a.claimed = s.extra;
            a.tookTokens = true;
            _move(token, address(sale), s.who, s.amount);
            return;
        }
        _move(address(money), address(sale), s.who, s.amount);
        if (s.action == Action.ReleaseEjected) a.ejected = 0;
        if (s.action == Action.Refund) (a.paid, a.tookRefund) = (0, true);
        if (s.action == Action.Withdraw) _leaves(Kind.Withdraw, s.who);
    }

    function _leaves(Kind kind, address buyer) private {
        Account storage a = _of(buyer);
        _entry(kind, buyer, a.nonce, a.paid, 0);
        _b().raised -= a.paid;
        a.paid = 0;
        if (a.nonce < 2 ** 32 - 1) a.nonce += 1;
    }

    // ── Progress ──

    function _planFund(Step memory s) internal {
        Phase p = _phase();
        s.data = abi.encodeCall(ISale.fund, ());
        s.amount = terms.token.maxSupply;
        if (p != Phase.Unfunded) {
            s.wanted = _wrongPhase(p, Phase.Unfunded);
            return;
        }
        s.from = buyers[_below(BUYERS)];
        existing.mint(s.from, s.amount);
        ledger[token][s.from] += s.amount;
        uint256 allow = calm || _chance(80) ? s.amount : s.amount - 1;
        _approve(existing, s.from, address(sale), allow);
        if (allow < s.amount) s.wanted = abi.encodeWithSelector(MoodyToken.MoodyToken_Short.selector, allow, s.amount);
        _moodIn(s, token, s.from, s.amount, ISale.Sale_WrongReceived.selector);
        _secondFace(s);
    }

    function _planFinalise(Step memory s) internal view {
        s.data = abi.encodeCall(ISale.finalise, ());
        if (_phase() != Phase.Closed) s.wanted = _wrongPhase(_phase(), Phase.Closed);
    }

    function _planList(Step memory s) internal {
        Books storage b = _b();
        bytes19 history = calm || _chance(80) ? b.history : bytes19(bytes32(_roll()));
        s.voucher.orderId = _chance(50) ? bytes32(0) : keccak256(abi.encode(history));
        s.data =
            s.voucher.orderId == 0
                ? abi.encodeCall(ISale.list, (history))
                : abi.encodeCall(ISale.listWithSalt, (history, s.voucher.orderId));
        uint256 opens = b.settledAt + terms.listing.delay;
        if (_phase() != Phase.Succeeded) s.wanted = _wrongPhase(_phase(), Phase.Succeeded);
        else if (block.timestamp < opens) {
            s.wanted = abi.encodeWithSelector(ISale.Sale_ListingTooEarly.selector, block.timestamp, opens);
        } else if (history != b.history) {
            s.wanted = abi.encodeWithSelector(ISale.Sale_HistoryMismatch.selector, history, b.history);
        }
        if (!_passes(s) || terms.listing.liquidityBps == 0) return;

        s.amount = _poolMoney(b.raised);
        s.extra = _poolTokens(s.amount);
        if (!calm && _chance(60)) _moodOfVenue(s);
    }

    function _moodOfVenue(Step memory s) private {
        MoodyVenue.Plan memory plan = s.plan;
        if (bornInList && _chance(60)) {
            plan.kept = 1;
            uint256 supply = terms.token.maxSupply;
            s.wanted = abi.encodeWithSelector(ISale.Sale_VenueMisreported.selector, supply - 1, supply);
            return;
        }
        uint256 kind = _below(8);
        if (kind < 3) {
            plan.unusedCurrency = _pick(0, _below(s.amount + 1), s.amount);
            plan.unusedTokens = _pick(0, _below(s.extra + 1), s.extra);
            plan.found = _pick(0, 1, s.amount, address(money) == address(0) ? 2 ** 90 : 2 ** 129);
        }
        if (kind == 3) plan.refuses = true;
        if (kind == 3) s.wanted = abi.encodeWithSelector(MoodyVenue.MoodyVenue_Refuses.selector);
        if (kind == 4) {
            plan.overstatedTokens = 1;
            uint256 had = terms.token.maxSupply - terms.vesting.allocationsTotal;
            uint256 got = (bornInList ? had : ledger[token][address(sale)]) - s.extra;
            s.wanted = abi.encodeWithSelector(ISale.Sale_VenueMisreported.selector, got, got - 1);
        }
        if (kind == 5) {
            plan.overstatedFound = 1;
            uint256 got = ledger[address(money)][address(sale)] - s.amount;
            s.wanted = abi.encodeWithSelector(ISale.Sale_VenueMisreported.selector, got, got + 1);
        }
        if (kind == 6) {
            plan.greedy = true;
            s.wanted =
                address(existing) == address(0)
                    ? abi.encodeWithSelector(
                        IERC20Errors.ERC20InsufficientAllowance.selector,
                        venue,
                        s.extra,
                        s.extra + 1
                    )
                    : abi.encodeWithSelector(MoodyToken.MoodyToken_Short.selector, s.extra, s.extra + 1);
        }
        if (kind == 7) {
            plan.call = _guardedCall(address(venue));
            plan.callsInBear = bornInList && _chance(50);
        }
    }

    function _noteList(Step memory s) private {
        Books storage b = _b();
        MoodyVenue.Plan memory plan = s.plan;
        (uint256 poolMoney, uint256 poolTokens) = (s.amount - plan.unusedCurrency, s.extra - plan.unusedTokens);
        if (bornInList) _beBorn();
        b.listedAt = block.timestamp;
        b.fee = _fee(b.raised);
        b.treasury = b.raised - b.fee - poolMoney + plan.found;
        if (b.treasury > 2 ** 128 - 1) {
            b.moneyGifts += b.treasury - (2 ** 128 - 1);
            b.treasury = 2 ** 128 - 1;
        }
        b.unsold = terms.token.maxSupply - terms.vesting.allocationsTotal - _tokensFor(b.raised) - poolTokens;
        _move(address(money), address(sale), address(venue), poolMoney);
        _move(address(money), address(venue), address(sale), plan.found);
        _move(token, address(sale), address(venue), poolTokens);
    }

    function _listing(bytes32 salt) internal view returns (bytes32) {
        Listing memory l;
        uint256 raised = _b().raised;
        l.token = token;
        l.currency = address(money);
        l.currencyAmount = _poolMoney(raised);
        l.tokenAmount = _poolTokens(l.currencyAmount);
        l.feeTier = terms.listing.feeTier;
        l.tickSpacing = terms.listing.tickSpacing;
        l.recipient = TREASURY;
        l.salt = salt;
        uint64 lock = terms.listing.lockSeconds;
        l.lockedUntil = lock == type(uint64).max ? lock : uint64(block.timestamp) + lock;
        return keccak256(abi.encode(l, address(money) == address(0) ? l.currencyAmount : 0));
    }

    function _planRelease(Step memory s) internal {
        Books storage b = _b();
        if (s.action == Action.ReleaseFee) {
            s.data = abi.encodeCall(ISale.releaseFee, ());
            (s.amount, s.who) = (b.fee, FEE_RECIPIENT);
        } else if (s.action == Action.ReleaseTreasury) {
            s.data = abi.encodeCall(ISale.releaseTreasury, ());
            (s.amount, s.who) = (_streamed() - b.treasuryPaid, TREASURY);
        } else {
            s.data = abi.encodeCall(ISale.releaseUnsold, ());
            bool failed = _phase() == Phase.Failed;
            s.amount = failed ? ledger[token][address(sale)] + b.escrowed : b.unsold;
            bool burns = failed ? address(existing) == address(0) : terms.payout.burnUnsold;
            s.who =
                !burns
                    ? TREASURY
                    : address(existing) == address(0)
                        ? address(0)
                        : BURN;
        }
        if (s.amount == 0) s.wanted = abi.encodeWithSelector(ISale.Sale_NothingToRelease.selector);
        _moodOut(s, s.action == Action.ReleaseUnsold ? token : address(money), s.who);
    }

    function _noteProgress(Step memory s) private {
        Books storage b = _b();
        if (s.action == Action.Fund) {
            _move(token, s.from, address(sale), s.amount);
            b.funded = true;
            _fundVesting();
        } else if (s.action == Action.Finalise) {
            b.settledAt = block.timestamp;
        } else if (s.action == Action.ReleaseUnsold) {
            if (_phase() == Phase.Failed) {
                _takeBack();
                b.tokenGifts = 0;
            } else {
                b.unsold = 0;
            }
            _move(token, address(sale), s.who, s.amount);
        } else {
            if (s.action == Action.ReleaseFee) b.fee = 0;
            else b.treasuryPaid += s.amount;
            _move(address(money), address(sale), s.who, s.amount);
        }
    }

    function _takeBack() private {
        Books storage b = _b();
        _move(token, address(vesting), address(sale), b.escrowed);
        owedByVesting[token] -= b.escrowed;
        b.escrowed = 0;
    }

    // ── Roles ──

    function _refuseOthers(Step memory s, address role) private {
        if (role != address(0) && role != BURN && _chance(85)) s.from = role;
        if (s.from != role) s.wanted = abi.encodeWithSelector(ISale.Sale_NotAuthorised.selector, s.from, role);
    }

    function _refuseNonOwners(Step memory s) private {
        address owner = _b().owner;
        if (owner != address(0) && owner != BURN && _chance(75)) s.from = owner;
        if (s.from != owner) s.wanted = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, s.from);
    }

    function _planSigner(Step memory s) private {
        _refuseNonOwners(s);
        s.who = _chance(5) ? address(0) : _signer(_between(KEY_FIRST, KEY_OF_CONTRACT));
        if (_chance(s.action == Action.AddSigner ? 70 : 15)) s.who = address(uint160(_roll()));
        if (s.action == Action.StrikeOffSigner && _chance(50)) s.who = _signer(KEY_FIRST);
        uint256 status = _signerBook(s.who).status;
        if (s.action == Action.StrikeOffSigner) {
            s.data = abi.encodeWithSignature("strikeOffSigner(address)", s.who);
            if (!_passes(s) || status == 1) return;
            s.wanted = abi.encodeWithSelector(ISale.Sale_SignerUnknown.selector, s.who);
            return;
        }

        s.amount = _pick(terms.sale.hardCap, type(uint96).max, _between(1, terms.sale.hardCap));
        s.extra = _pick(1 days, type(uint64).max, 1);
        if (_chance(8)) s.amount = 2 ** 96;
        if (_chance(8)) s.extra = 2 ** 64;
        s.data = abi.encodeCall(ISale.addSigner, (s.who, s.amount, s.extra));
        if (!_passes(s)) return;
        if (status != 0) s.wanted = abi.encodeWithSelector(ISale.Sale_SignerKnown.selector, s.who);
        else if (s.who == address(0)) s.wanted = abi.encodeWithSelector(ISale.Sale_SignerUnknown.selector, s.who);
        else if (s.amount == 2 ** 96) {
            s.wanted = abi.encodeWithSelector(ISale.Sale_SignerCapExceeded.selector, s.amount, 2 ** 96 - 1);
        } else if (s.extra == 2 ** 64) {
            s.wanted = abi.encodeWithSelector(ISale.Sale_SignerWindowExceeded.selector, s.extra, 2 ** 64 - 1);
        }
    }

    function _planCompliance(Step memory s) internal {
        _refuseOthers(s, terms.roles.compliance);
        s.who = s.action == Action.Eject ? _buyerFor(s.action) : buyers[_below(BUYERS)];
        Account storage a = _of(s.who);
        Phase p = _phase();
        bool unsettled = p == Phase.Pending || p == Phase.Open || p == Phase.Closed;
        if (s.action == Action.Eject) {
            s.data = abi.encodeCall(ISale.eject, (s.who));
            if (!_passes(s)) return;
            if (!terms.sale.ejectable) s.wanted = abi.encodeWithSelector(ISale.Sale_NotEjectable.selector);
            else if (!unsettled) s.wanted = _wrongPhase(p, Phase.Open);
            else if (a.paid == 0) s.wanted = _nothingPaid(s.who);
            return;
        }

        uint256 r = _below(40);
        s.amount = a.nonce + _between(1, 3);
        if (r == 0) s.amount = 2 ** 32 - 1;
        if (r == 1) s.amount = _pick(2 ** 32, type(uint256).max);
        if (r < 12 && r > 1) s.amount = _pick(a.nonce, _below(a.nonce + 1));
        s.data = abi.encodeCall(ISale.invalidate, (s.who, s.amount));
        if (!_passes(s)) return;
        if (!unsettled) s.wanted = _wrongPhase(p, Phase.Open);
        else if (s.amount <= a.nonce) {
            s.wanted = abi.encodeWithSelector(ISale.Sale_NonceUsed.selector, s.amount, a.nonce + 1);
        } else if (s.amount >= 2 ** 32) {
            s.wanted = abi.encodeWithSelector(ISale.Sale_NonceAhead.selector, s.amount, 2 ** 32 - 1);
        }
    }

    function _planGuardian(Step memory s) internal {
        _refuseOthers(s, terms.roles.guardian);
        Books storage b = _b();
        Phase p = _phase();
        if (s.action == Action.DeclareFailed) {
            s.data = abi.encodeCall(ISale.declareFailed, ());
            uint256 until = b.settledAt + terms.listing.delay;
            if (!_passes(s)) return;
            if (p == Phase.Listed || p == Phase.Failed) s.wanted = _wrongPhase(p, Phase.Succeeded);
            else if (p == Phase.Succeeded && block.timestamp >= until) {
                s.wanted = abi.encodeWithSelector(ISale.Sale_FailureTooLate.selector, block.timestamp, until);
            }
            return;
        }

        s.amount = _pick(0, _below(72 hours), 72 hours, 72 hours + 1);
        s.data = abi.encodeCall(ISale.pause, (s.amount));
        if (!_passes(s)) return;
        if (p != Phase.Pending && p != Phase.Open) s.wanted = _wrongPhase(p, Phase.Open);
        else if (b.pausedUntil != 0) s.wanted = abi.encodeWithSelector(ISale.Sale_PauseSpent.selector, b.pausedUntil);
        else if (s.amount > 72 hours) {
            s.wanted = abi.encodeWithSelector(ISale.Sale_PauseTooLong.selector, s.amount, 72 hours);
        }
    }

    function _planOwner(Step memory s) private {
        if (s.action == Action.AcceptOwnership) {
            address heir = _b().heir;
            if (heir != address(0) && _chance(75)) s.from = heir;
            s.data = abi.encodeCall(Ownable2Step.acceptOwnership, ());
            if (s.from != heir) s.wanted = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, s.from);
            return;
        }
        _refuseNonOwners(s);
        s.who = _chance(50) ? OWNER : HEIR;
        s.data =
            s.action == Action.RenounceOwnership
                ? abi.encodeCall(Ownable.renounceOwnership, ())
                : abi.encodeCall(Ownable.transferOwnership, (s.who));
    }

    function _noteRole(Step memory s) private {
        Books storage b = _b();
        Account storage a = _of(s.who);
        if (s.action == Action.AddSigner) {
            SignerBook storage added = _signerBook(s.who);
            (added.status, added.maxCap, added.maxWindow) = (1, s.amount, s.extra);
        } else if (s.action == Action.StrikeOffSigner) {
            _signerBook(s.who).status = 2;
        } else if (s.action == Action.Invalidate) {
            a.nonce = s.amount;
            _entry(Kind.Invalidate, s.who, s.amount, 0, 0);
        } else if (s.action == Action.Eject) {
            a.ejected += a.paid;
            _leaves(Kind.Eject, s.who);
        } else if (s.action == Action.Pause) {
            b.pausedUntil = block.timestamp + s.amount;
        } else if (s.action == Action.DeclareFailed) {
            b.declaredFailed = true;
        } else if (s.action == Action.TransferOwnership) {
            b.heir = s.who;
        } else {
            (b.owner, b.heir) = (s.action == Action.AcceptOwnership ? b.heir : address(0), address(0));
        }
    }

    // ── Calls from nowhere ──

    function _planForeign(Step memory s) private {
        if (s.action == Action.SendEther) {
            s.from = STRANGER;
            s.value = _pick(0, 1, 1 ether);
            s.wanted = abi.encodeWithSelector(ISale.Sale_EtherRefused.selector, s.from);
            return;
        }
        s.bare = true;
        s.data = abi.encodePacked(_foreign(), _roll(), _roll(), _roll());
        if (_chance(30)) s.to = address(vesting);
    }

    function _foreign() private returns (bytes4) {
        uint256 i = _below(8);
        if (i == 0) return bytes4(keccak256("sweep(address,uint256)"));
        if (i == 1) return bytes4(keccak256("initialize(address)"));
        if (i == 2) return bytes4(keccak256("upgradeToAndCall(address,bytes)"));
        if (i == 3) return bytes4(keccak256("multicall(bytes[])"));
        if (i == 4) return bytes4(keccak256("emergencyWithdraw(address,address,uint256)"));
        if (i == 5) return bytes4(keccak256("execute(address,uint256,bytes)"));
        return bytes4(keccak256(abi.encode(_roll())));
    }

    // ── Vesting ──

    function _planRegister(Step memory s) private {
        s.to = address(vesting);
        s.from = address(uint160(_roll()));
        s.amount = _between(1, 1e20);
        MoodyToken asset =
            address(existing) != address(0)
                ? existing
                : address(money) != address(0)
                    ? money
                    : new MoodyToken(false);
        s.other = address(asset);
        bool again = _registrar != address(0) && _chance(40);
        if (again) {
            s.from = _registrar;
            s.wanted = abi.encodeWithSelector(IVesting.Vesting_AlreadyRegistered.selector, s.from);
        } else {
            asset.mint(s.from, s.amount);
            _approve(asset, s.from, address(vesting), s.amount);
        }
        s.data = abi.encodeCall(IVesting.register, (address(asset), bytes32(_roll()), s.amount, TREASURY));
        _moodIn(s, address(asset), s.from, s.amount, IVesting.Vesting_WrongReceived.selector);
    }

    function _planVesting(Step memory s, uint256 index) internal {
        IVesting.Allocation memory a = allocations[index];
        bytes32[] memory proof = terms.vesting.allocationsTotal == 0 ? new bytes32[](0) : _proofOf(index);
        (s.to, s.extra) = (address(vesting), index);
        address of_ = !calm && _chance(4) ? STRANGER : address(sale);
        if (!calm && _chance(4)) a.amount += 1;
        else if (!calm && _chance(4)) a.beneficiary = s.from;

        bool known = of_ == address(sale) && _b().granted && terms.vesting.allocationsTotal != 0;
        if (s.action == Action.VestingReturnToSale) {
            s.data = abi.encodeCall(IVesting.returnToSale, (of_));
            (s.amount, s.who) = (_b().escrowed, address(sale));
            if (!known) s.wanted = abi.encodeWithSelector(IVesting.Vesting_Unknown.selector, of_);
            else if (_phase() != Phase.Failed) {
                s.wanted = abi.encodeWithSelector(IVesting.Vesting_SaleNotFailed.selector, of_);
            }
            _moodOut(s, token, s.who);
            return;
        }

        if (!known) s.wanted = abi.encodeWithSelector(IVesting.Vesting_Unknown.selector, of_);
        else if (keccak256(abi.encode(a)) != keccak256(abi.encode(allocations[index]))) {
            s.wanted = abi.encodeWithSelector(IVesting.Vesting_ProofInvalid.selector, index);
        }
        if (s.action == Action.VestingClaimFor) _planClaimFor(s, of_, a, proof);
        else if (s.action == Action.VestingRevoke) _planRevoke(s, of_, a, proof);
        else _planChange(s, of_, a, proof);
    }

    function _planClaimFor(Step memory s, address of_, IVesting.Allocation memory a, bytes32[] memory proof) private {
        s.data = abi.encodeCall(IVesting.claimFor, (of_, a, proof));
        s.who = _beneficiary(s.extra);
        s.amount = _allotted(s.extra) - _allotment(s.extra).claimed;
        uint256 left = _b().escrowed;
        if (!_passes(s)) return;
        if (s.amount == 0) s.wanted = abi.encodeWithSelector(IVesting.Vesting_NothingToClaim.selector, s.extra);
        else if (s.amount > left) {
            s.wanted = abi.encodeWithSelector(IVesting.Vesting_TotalExceeded.selector, s.amount, left);
        }
        _moodOut(s, token, s.who);
    }

    function _planRevoke(Step memory s, address of_, IVesting.Allocation memory a, bytes32[] memory proof) private {
        if (a.revoker != address(0) && _chance(85)) s.from = a.revoker;
        s.data = abi.encodeCall(IVesting.revoke, (of_, a, proof));
        s.who = TREASURY;
        s.amount = a.amount - _allotted(s.extra);
        uint256 left = _b().escrowed;
        if (!_passes(s)) return;
        if (s.from != a.revoker) {
            s.wanted = abi.encodeWithSelector(IVesting.Vesting_NotRevoker.selector, s.from, a.revoker);
        } else if (_allotment(s.extra).revokedAt != 0) {
            s.wanted = abi.encodeWithSelector(IVesting.Vesting_AlreadyRevoked.selector, s.extra);
        } else if (_phase() != Phase.Listed) {
            s.wanted = abi.encodeWithSelector(IVesting.Vesting_SaleNotListed.selector, of_);
        } else if (s.amount > left) {
            s.wanted = abi.encodeWithSelector(IVesting.Vesting_TotalExceeded.selector, s.amount, left);
        }
        _moodOut(s, token, s.who);
    }

    function _planChange(Step memory s, address of_, IVesting.Allocation memory a, bytes32[] memory proof) private {
        address now_ = _beneficiary(s.extra);
        if (_chance(75)) s.from = now_;
        s.other = _chance(10) ? address(0) : buyers[_below(BUYERS)];
        s.data = abi.encodeCall(IVesting.changeBeneficiary, (of_, a, proof, s.other));
        if (!_passes(s)) return;
        if (s.from != now_) s.wanted = abi.encodeWithSelector(IVesting.Vesting_NotBeneficiary.selector, s.from, now_);
        else if (s.other == address(0)) s.wanted = abi.encodeWithSelector(IVesting.Vesting_BeneficiaryZero.selector);
    }

    function _noteVesting(Step memory s) private {
        Allotment storage a = _allotment(s.extra);
        if (s.action == Action.VestingRegister) {
            _registrar = s.from;
            owedByVesting[s.other] += s.amount;
            ledger[s.other][address(vesting)] += s.amount;
        } else if (s.action == Action.VestingReturnToSale) {
            _takeBack();
        } else if (s.action == Action.VestingChangeBeneficiary) {
            a.beneficiary = s.other;
        } else {
            if (s.action == Action.VestingClaimFor) a.claimed += s.amount;
            else a.revokedAt = block.timestamp;
            _b().escrowed -= s.amount;
            owedByVesting[token] -= s.amount;
            _move(token, address(vesting), s.who, s.amount);
        }
    }

    function _guarded() internal pure returns (bytes4) {
        return ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
    }
}
