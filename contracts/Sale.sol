// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {FixedTerms} from "./FixedTerms.sol";
import {LaunchToken} from "./LaunchToken.sol";
import {IReceiveWithAuthorization} from "./interfaces/IReceiveWithAuthorization.sol";
import {ISale, Kind, Phase, Stage, Voucher} from "./interfaces/ISale.sol";
import {Schedule, Terms} from "./interfaces/Terms.sol";
import {IBearingVenue, IVenue, Listing} from "./interfaces/IVenue.sol";
import {IVesting} from "./interfaces/IVesting.sol";
import {BalanceLib} from "./libraries/BalanceLib.sol";
import {HistoryLib} from "./libraries/HistoryLib.sol";
import {PhaseLib} from "./libraries/PhaseLib.sol";
import {ScheduleLib} from "./libraries/ScheduleLib.sol";
import {Position, Signer, SignerStatus, SlotLib, Totals} from "./libraries/SlotLib.sol";
import {TermsBounds} from "./libraries/TermsBounds.sol";
import {VoucherLib} from "./libraries/VoucherLib.sol";

/// @title Sale
/// @notice See `ISale`, which is the manual. The life of a sale, and what moves it on:
///
///   Unfunded ─fund─▶ Pending ─opensAt─▶ Open ─closesAt─▶ Closed ─finalise─▶ Succeeded ─list─▶ Listed
///
/// A LaunchToken needs no `fund`; a raise that reaches the hard cap is Closed at once where nobody can withdraw.
///
/// Into Failed, from each phase but Listed; both ends are final:
/// - by the guardian's word, in Succeeded only within the listing delay;
/// - at `opensAt`, if Unfunded;
/// - with less than the soft cap, at `closesAt` or by an ejection in Closed;
/// - at the listing deadline.
///
/// A `Stage` is stored, and moves only by a call. A `Phase` is what counts: `phase()` makes it from stage, clock and sum
/// raised, so that a sale closes and fails in its second with nobody there (`PhaseLib`).
///
/// Purchases, withdrawals, invalidations and ejections each extend the history, until finalise or failure freezes it.
///
/// What calls nobody has no reentrancy guard. From within a payment it finds all recorded; from within a listing, phase
/// Succeeded and no credits yet. Signers and owner may change meanwhile: nothing reads them after a call.
/// @dev Money owed here: positions (until refunded or listed) + ejected balances + fee + (treasury − treasuryPaid). Gifts
/// come on top.
contract Sale is FixedTerms, EIP712, Ownable2Step, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    struct Progress {
        /// From creation on, or from `list` where it is born there.
        address token;
        uint40 settledAt;
        uint40 listedAt;
    }

    struct Credits {
        uint128 fee;
        uint128 treasury;
        uint128 treasuryPaid;
        uint128 unsold;
    }

    uint256 private constant MAX_PAUSE = 72 hours;
    address private constant BURN_ADDRESS = 0x000000000000000000000000000000000000dEaD;

    // Words packed by hand (`SlotLib`), bits in brackets. `claimed` counts currency whose tokens were claimed.
    Totals private _totals; // raised (96), stage (8), history (152)
    Progress private _progress;
    mapping(address buyer => Position) private _positions; // paid (96), claimed (96), nonce (32), paidAt (32)
    mapping(address signer => Signer) private _signers; // maxCap (96), maxWindow (64), status (8)
    mapping(address buyer => uint256) private _ejected;
    Credits private _credits;
    uint256 private _pausedUntil;

    /// @param t every term, the chain id among them
    constructor(
        Terms memory t
    ) FixedTerms(t) EIP712("Slipway Sale", "1") Ownable(t.roles.owner == address(0) ? BURN_ADDRESS : t.roles.owner) {
        // The sale's first creation (nonce 1): a venue derives the address from that, and so knows the token as the sale's own.
        // Born in `list`, it is `existing` until then, which is zero.
        address token_ =
            _isLaunchToken && !_bornInList
                ? address(new LaunchToken(t.token.name, t.token.symbol, t.token.decimals, t.token.maxSupply))
                : t.token.existing;
        bytes19 history_ = HistoryLib.start(_domainSeparatorV4(), termsHash);
        _totals = SlotLib.totals(0, _isLaunchToken ? Stage.Active : Stage.Unfunded, history_);
        _progress.token = token_;
        emit Created(termsHash, token_, history_, t);

        if (t.roles.signer != address(0)) _admit(t.roles.signer, t.roles.signerMaxCap, t.roles.signerMaxWindow);
        if (_liquidityBps != 0) {
            // At both ends of the raise. The preview does not look at the end of the lock.
            IVenue(_venue).previewListing(_listingFor(token_, t.sale.softCap, type(uint64).max));
            IVenue(_venue).previewListing(_listingFor(token_, t.sale.hardCap, type(uint64).max));
            // As a listing ends: some tokens refuse an approval of zero, and could be sold but never listed.
            if (!_isLaunchToken) IERC20(token_).forceApprove(_venue, 0);
            if (currency != address(0)) IERC20(currency).forceApprove(_venue, 0);
        }
        if (_isLaunchToken && !_bornInList) _escrowAllocations(token_);
    }

    receive() external payable {
        if (msg.sender != _venue) revert Sale_EtherRefused(msg.sender);
    }

    // ── Buying ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ISale
    function purchase(
        uint256 amount,
        uint256 leastFill,
        Voucher calldata voucher,
        bytes calldata signature
    ) external payable nonReentrant returns (uint256 fill) {
        if (currency == address(0)) {
            if (msg.value != amount) revert Sale_WrongValue(msg.value, amount);
            fill = _checkAndRecord(amount, leastFill, voucher, signature);
            if (fill != amount) _sendEther(msg.sender, amount - fill);
        } else {
            if (msg.value != 0) revert Sale_WrongValue(msg.value, 0);
            fill = _checkAndRecord(amount, leastFill, voucher, signature);
            _pullExactly(fill);
        }
    }

    /// @inheritdoc ISale
    function purchaseWithPermit(
        uint256 amount,
        uint256 leastFill,
        Voucher calldata voucher,
        bytes calldata signature,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant returns (uint256 fill) {
        if (currency == address(0)) revert Sale_WrongValue(0, amount);
        fill = _checkAndRecord(amount, leastFill, voucher, signature);

        // A stranger may send the same permit first, and this one then fails with the allowance in place. Where there is none,
        // taking the money fails.
        // solhint-disable-next-line no-empty-blocks
        try IERC20Permit(currency).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _pullExactly(fill);
    }

    /// @inheritdoc ISale
    function purchaseWithAuthorization(
        uint256 amount,
        uint256 leastFill,
        Voucher calldata voucher,
        bytes calldata signature,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant returns (uint256 fill) {
        if (currency == address(0)) revert Sale_WrongValue(0, amount);
        fill = _checkAndRecord(amount, leastFill, voucher, signature);

        uint256 before = BalanceLib.ofThis(currency);
        IReceiveWithAuthorization(currency).receiveWithAuthorization(
            msg.sender,
            address(this),
            amount,
            0, // validAfter
            voucher.validUntil, // validBefore
            voucher.orderId, // nonce
            v,
            r,
            s
        );
        if (fill != amount) IERC20(currency).safeTransfer(msg.sender, amount - fill);
        _requireReceived(before, fill);
    }

    /// @inheritdoc ISale
    function previewPurchase(
        address buyer,
        uint256 amount,
        uint256 leastFill,
        Voucher calldata voucher,
        bytes calldata signature
    ) external view returns (uint256 fill) {
        return _check(buyer, amount, leastFill, voucher, signature, _totals, _positions[buyer]);
    }

    /// @inheritdoc ISale
    function withdraw() external nonReentrant returns (uint256 amount) {
        Totals totals = _totals;
        _requirePhase(Phase.Open, totals);
        Position position = _positions[msg.sender];
        amount = position.paid();
        if (amount == 0) revert Sale_NothingPaid(msg.sender);
        uint256 until = position.paidAt() + _coolingOff;
        if (block.timestamp >= until) revert Sale_CoolingOffOver(block.timestamp, until);

        bytes19 history_ = _leave(Kind.Withdraw, msg.sender, position, totals);
        emit Withdrawn(msg.sender, position.nonce(), amount, history_);

        _send(msg.sender, amount);
    }

    /// @dev Everything but the payment, which comes last.
    function _checkAndRecord(
        uint256 amount,
        uint256 leastFill,
        Voucher calldata voucher,
        bytes calldata signature
    ) private returns (uint256 fill) {
        Totals totals = _totals;
        Position position = _positions[msg.sender];
        fill = _check(msg.sender, amount, leastFill, voucher, signature, totals, position);

        bytes19 history_ = HistoryLib.next(
            totals.history(),
            Kind.Purchase,
            msg.sender,
            voucher.nonce,
            fill,
            voucher.orderId
        );
        // Every field fits: both sums are at most the hard cap, which has 96 bits; the nonce is below its maximum; it is
        // before the listing deadline, which has 32 bits. Nothing is claimed before Listed.
        unchecked {
            uint256 raised_ = totals.raised() + fill;
            // Ends an expired pause, which stays spent: `_pausedUntil` is kept.
            Stage stage_ = Stage.Active;
            if (raised_ == _hardCap && _coolingOff == 0) stage_ = Stage.Filled;
            _positions[msg.sender] = SlotLib.position(position.paid() + fill, 0, position.nonce() + 1, block.timestamp);
            _totals = SlotLib.totals(raised_, stage_, history_);
        }
        emit Purchased(msg.sender, voucher.orderId, voucher.nonce, fill, history_);
    }

    /// @dev All but the payment that decides whether a purchase passes, for the purchase and for its preview.
    function _check(
        address buyer,
        uint256 amount,
        uint256 leastFill,
        Voucher calldata voucher,
        bytes calldata signature,
        Totals totals,
        Position position
    ) private view returns (uint256 fill) {
        Phase got = _phaseOf(totals);
        if (got != Phase.Open) revert Sale_WrongPhase(got, Phase.Open);
        // The stage spares others the read of `_pausedUntil`. It stays Paused until the first purchase after the pause.
        if (totals.isAt(Stage.Paused)) {
            if (block.timestamp < _pausedUntil) revert Sale_Paused(_pausedUntil);
        }

        uint256 nonce = position.nonce();
        if (voucher.nonce != nonce) {
            if (voucher.nonce < nonce) revert Sale_NonceUsed(voucher.nonce, nonce);
            revert Sale_NonceAhead(voucher.nonce, nonce);
        }
        if (nonce == type(uint32).max) revert Sale_NonceExhausted();
        if (block.timestamp < voucher.validFrom) revert Sale_VoucherNotYetValid(block.timestamp, voucher.validFrom);
        if (block.timestamp >= voucher.validUntil) revert Sale_VoucherExpired(block.timestamp, voucher.validUntil);
        if (_voucherRequired) _checkSignature(buyer, voucher, signature);

        // Cannot wrap: `||` stops before cap − paid where paid > cap; raised ≤ hard cap; x % y ≤ x; paid + fill < 2^97.
        unchecked {
            uint256 paid = position.paid();
            // amount + paid > cumulativeCap, written so as not to overflow. The offer counts, not the fill: what a voucher allows
            // does not depend on who bought before.
            if (paid > voucher.cumulativeCap || amount > voucher.cumulativeCap - paid) {
                revert Sale_CapExceeded(amount, paid > voucher.cumulativeCap ? 0 : voucher.cumulativeCap - paid);
            }

            // Hard cap and raised are multiples of `currencyUnits`, so this is; zero where a full sale is open for withdrawals.
            uint256 left = _hardCap - totals.raised();
            if (left == 0) revert Sale_SoldOut();
            fill = amount < left ? amount - (amount % _currencyUnits) : left;
            if (fill == 0) revert Sale_AmountTooSmall(amount, _currencyUnits);
            if (fill != left) {
                if (paid + fill < _minPurchase) revert Sale_BelowMinimum(paid + fill, _minPurchase);
            }
            if (fill < leastFill) revert Sale_FillBelowLeast(fill, leastFill);
        }
    }

    function _checkSignature(address buyer, Voucher calldata voucher, bytes calldata signature) private view {
        bytes32 digest = VoucherLib.digest(_domainSeparatorV4(), buyer, voucher);
        address signer;
        bool ofKey = signature.length == 64 || signature.length == 65;
        if (ofKey) {
            (uint8 v, bytes32 r, bytes32 s) = ECDSA.parseCalldata(signature);
            (signer, , ) = ECDSA.tryRecover(digest, v, r, s);
        } else if (signature.length >= 20) {
            signer = address(bytes20(signature));
        }

        // A bad signature, or one too short to name a contract, leaves zero, which is never admitted. Only an admitted contract
        // is asked below (ERC-1271).
        Signer bounds = _signers[signer];
        if (!bounds.has(SignerStatus.Admitted)) {
            if (bounds.has(SignerStatus.StruckOff)) revert Sale_SignerRemoved(signer);
            revert Sale_SignerUnknown(signer);
        }
        if (voucher.cumulativeCap > bounds.maxCap()) {
            revert Sale_SignerCapExceeded(voucher.cumulativeCap, bounds.maxCap());
        }
        unchecked {
            // validFrom ≤ now < validUntil holds here.
            uint256 window = voucher.validUntil - voucher.validFrom;
            if (window > bounds.maxWindow()) revert Sale_SignerWindowExceeded(window, bounds.maxWindow());
        }

        if (!ofKey) {
            bool accepted = SignatureChecker.isValidERC1271SignatureNow(signer, digest, signature[20:]);
            if (!accepted) revert Sale_SignatureInvalid(signer);
        }
    }

    /// @dev Takes exactly `fill` of the currency from the buyer; a fee-on-transfer token fails here.
    function _pullExactly(uint256 fill) private {
        uint256 before = BalanceLib.ofThis(currency);
        IERC20(currency).safeTransferFrom(msg.sender, address(this), fill);
        _requireReceived(before, fill);
    }

    function _requireReceived(uint256 before, uint256 fill) private view {
        uint256 received = BalanceLib.ofThis(currency) - before;
        if (received != fill) revert Sale_WrongReceived(received, fill);
    }

    // ── Exits ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ISale
    function refund(address buyer) external nonReentrant returns (uint256 amount) {
        _requirePhase(Phase.Failed);
        Position position = _positions[buyer];
        amount = position.paid();
        if (amount == 0) revert Sale_NothingPaid(buyer);

        _positions[buyer] = SlotLib.position(0, 0, position.nonce(), position.paidAt());
        emit Refunded(buyer, amount);

        _send(buyer, amount);
    }

    /// @inheritdoc ISale
    function releaseEjected(address buyer) external nonReentrant returns (uint256 amount) {
        amount = _ejected[buyer];
        if (amount == 0) revert Sale_NothingPaid(buyer);

        _ejected[buyer] = 0;
        emit EjectedReleased(buyer, amount);

        _send(buyer, amount);
    }

    /// @inheritdoc ISale
    function claim(address buyer) external nonReentrant returns (uint256 tokens) {
        // `listedAt` alone says Listed, for good: the slot of the totals need not be read.
        (address token_, uint256 listedAt_) = (_progress.token, _progress.listedAt);
        if (listedAt_ == 0) revert Sale_WrongPhase(phase(), Phase.Listed);
        Position position = _positions[buyer];
        uint256 vested = _vestedCurrency(position.paid(), listedAt_);
        tokens = ((vested - position.claimed()) / _currencyUnits) * _tokenUnits;
        if (tokens == 0) revert Sale_NothingToRelease();

        // Vested is at most `paid`, which has 96 bits.
        _positions[buyer] = SlotLib.position(position.paid(), vested, position.nonce(), position.paidAt());
        emit Claimed(buyer, tokens);

        IERC20(token_).safeTransfer(buyer, tokens);
    }

    /// @dev Takes a buyer out of positions and totals. The nonce stays at its maximum once there: nobody can buy with
    /// it, and nobody may be kept from leaving by it.
    function _leave(Kind kind, address buyer, Position position, Totals totals) private returns (bytes19 history_) {
        uint256 nonce = position.nonce();
        history_ = HistoryLib.next(totals.history(), kind, buyer, nonce, position.paid(), 0);

        // Every position is a part of the sum.
        unchecked {
            uint256 next = nonce == type(uint32).max ? nonce : nonce + 1;
            _positions[buyer] = SlotLib.position(0, 0, next, position.paidAt());
            _totals = SlotLib.totals(totals.raised() - position.paid(), totals.stage(), history_);
        }
    }

    /// @dev Of paid currency, the part whose tokens have vested, in whole `currencyUnits`.
    function _vestedCurrency(uint256 paid, uint256 listedAt_) private view returns (uint256 vested) {
        Schedule memory schedule = Schedule(_initialBps, _cliffSeconds, _durationSeconds, _steps);
        vested = ScheduleLib.vested(schedule, paid, block.timestamp - listedAt_);
        vested -= vested % _currencyUnits;
    }

    // ── Progress ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ISale
    function fund() external nonReentrant {
        _requirePhase(Phase.Unfunded);
        IERC20 token_ = IERC20(_progress.token);

        _setStage(Stage.Active);
        emit Funded(msg.sender, _supply);

        uint256 before = token_.balanceOf(address(this));
        uint256 money = _balance();
        token_.safeTransferFrom(msg.sender, address(this), _supply);
        uint256 received = token_.balanceOf(address(this)) - before;
        if (received != _supply) revert Sale_WrongReceived(received, _supply);
        // If money moved too, token and currency are one asset under two addresses, which creation could not see: its error,
        // told here. After a failure `releaseUnsold` would send the buyers' money away.
        if (_balance() != money) revert Sale_TermsInvalid("token.existing", uint160(address(token_)), 0);
        _escrowAllocations(address(token_));
    }

    /// @inheritdoc ISale
    function finalise() external {
        Totals totals = _totals;
        _requirePhase(Phase.Closed, totals);

        _totals = totals.withStage(Stage.Succeeded);
        _progress.settledAt = uint40(block.timestamp);
        emit Finalised(totals.raised(), totals.history(), block.timestamp);
    }

    /// @inheritdoc ISale
    function list(bytes19 history_) external returns (bytes32 id) {
        return listWithSalt(history_, 0);
    }

    /// @inheritdoc ISale
    function listWithSalt(bytes19 history_, bytes32 salt) public nonReentrant returns (bytes32 id) {
        Totals totals = _totals;
        _requirePhase(Phase.Succeeded, totals);
        uint256 opens = _progress.settledAt + _listDelay;
        if (block.timestamp < opens) revert Sale_ListingTooEarly(block.timestamp, opens);
        if (history_ != totals.history()) revert Sale_HistoryMismatch(history_, totals.history());

        // Until all calls are over, the stage stays Succeeded: no claim, no refund. Guard or phase refuses every writer of
        // `_totals` (`declareFailed` since `opens`), so that the copy `totals` is still true below.
        uint256 raised_ = totals.raised();
        address token_ = _bornInList ? _bear(salt) : _progress.token;
        uint256 fee = TermsBounds.feeOf(_feeBps, _feeFixed, raised_);
        uint256 toTreasury = raised_ - fee;
        uint256 poolTokens;
        uint256 poolCurrency;
        if (_liquidityBps != 0) {
            uint256 foundCurrency;
            (id, poolTokens, poolCurrency, foundCurrency) = _listOnVenue(token_, raised_, salt);
            toTreasury = toTreasury - poolCurrency + foundCurrency;
        }
        uint256 sold = (raised_ / _currencyUnits) * _tokenUnits;
        uint256 unsold = _supply - _allocationsTotal - poolTokens - sold;

        // Fee and unsold fit 128 bits. Gifts found in the pool may lift this beyond: the excess stays here for ever.
        if (toTreasury > type(uint128).max) toTreasury = type(uint128).max;
        _credits = Credits(uint128(fee), uint128(toTreasury), 0, uint128(unsold));
        _totals = totals.withStage(Stage.Listed);
        _progress.listedAt = uint40(block.timestamp);
        emit Listed(id, poolTokens, poolCurrency, fee, toTreasury, unsold);
    }

    /// @dev The venue creates the token and sends the whole supply here; then what the constructor does for other tokens of ours.
    function _bear(bytes32 salt) private returns (address token_) {
        token_ = IBearingVenue(_venue).bear(_name, _symbol, _decimals, _supply, salt);
        _progress.token = token_;
        emit TokenBorn(token_);

        _requireReported(IERC20(token_).balanceOf(address(this)), _supply);
        _escrowAllocations(token_);
    }

    /// @dev `foundCurrency` is what strangers had left in the pool: it came here, and goes to the treasury.
    function _listOnVenue(
        address token_,
        uint256 raised_,
        bytes32 salt
    ) private returns (bytes32 id, uint256 usedToken, uint256 usedCurrency, uint256 foundCurrency) {
        uint64 until = _lockSeconds == type(uint64).max ? _lockSeconds : uint64(block.timestamp) + _lockSeconds;
        Listing memory asked = _listingFor(token_, raised_, until);
        asked.salt = salt;
        uint256 tokensBefore = IERC20(token_).balanceOf(address(this));
        uint256 moneyBefore = _balance();

        IERC20(token_).forceApprove(_venue, asked.tokenAmount);
        uint256 value = currency == address(0) ? asked.currencyAmount : 0;
        if (currency != address(0)) IERC20(currency).forceApprove(_venue, asked.currencyAmount);

        (id, usedToken, usedCurrency, foundCurrency) = IVenue(_venue).list{value: value}(asked);

        IERC20(token_).forceApprove(_venue, 0);
        if (currency != address(0)) IERC20(currency).forceApprove(_venue, 0);
        _requireReported(IERC20(token_).balanceOf(address(this)), tokensBefore - usedToken);
        _requireReported(_balance(), moneyBefore - usedCurrency + foundCurrency);
    }

    function _requireReported(uint256 got, uint256 wanted) private pure {
        if (got != wanted) revert Sale_VenueMisreported(got, wanted);
    }

    function _escrowAllocations(address token_) private {
        if (_allocationsTotal == 0) return;

        IERC20(token_).forceApprove(_vesting, _allocationsTotal);
        IVesting(_vesting).register(token_, _allocationsRoot, _allocationsTotal, _treasury);
        IERC20(token_).forceApprove(_vesting, 0);
    }

    function _hasGrant() private view returns (bool) {
        if (_allocationsTotal == 0) return false;
        (, , uint256 remaining, ) = IVesting(_vesting).grantOf(address(this));
        return remaining != 0;
    }

    // Only `list` fills the credits: before it each is zero, and there is nothing to release.

    /// @inheritdoc ISale
    function releaseFee() external nonReentrant returns (uint256 amount) {
        amount = _credits.fee;
        if (amount == 0) revert Sale_NothingToRelease();

        _credits.fee = 0;
        emit FeeReleased(_feeRecipient, amount);

        _send(_feeRecipient, amount);
    }

    /// @inheritdoc ISale
    function releaseTreasury() external nonReentrant returns (uint256 amount) {
        Credits memory owed = _credits;
        uint256 elapsed = block.timestamp - _progress.listedAt;
        uint256 streamed =
            elapsed >= _streamSeconds ? owed.treasury : (uint256(owed.treasury) * elapsed) / _streamSeconds;
        amount = streamed - owed.treasuryPaid;
        if (amount == 0) revert Sale_NothingToRelease();

        _credits.treasuryPaid = uint128(streamed);
        emit TreasuryReleased(_treasury, amount);

        _send(_treasury, amount);
    }

    /// @inheritdoc ISale
    function releaseUnsold() external nonReentrant returns (uint256 tokens) {
        IERC20 token_ = IERC20(_progress.token);
        // Failed: every token here, gifts and Vesting's return among them, as no buyer has a claim. Otherwise the credit: zero
        // before `list`, so zero too in a failed sale whose token was never born.
        bool failed = phase() == Phase.Failed;
        if (failed && address(token_) != address(0)) {
            if (_hasGrant()) IVesting(_vesting).returnToSale(address(this));
            tokens = token_.balanceOf(address(this));
        } else {
            tokens = _credits.unsold;
            _credits.unsold = 0;
        }
        if (tokens == 0) revert Sale_NothingToRelease();

        bool burn = failed ? _isLaunchToken : _burnUnsold;
        emit UnsoldReleased(burn ? address(0) : _treasury, tokens);

        if (!burn) token_.safeTransfer(_treasury, tokens);
        else if (_isLaunchToken) LaunchToken(address(token_)).burn(tokens);
        else token_.safeTransfer(BURN_ADDRESS, tokens);
    }

    // ── Roles ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ISale
    function addSigner(address signer, uint256 maxCap, uint256 maxWindow) external onlyOwner {
        if (!_signers[signer].has(SignerStatus.Unknown)) revert Sale_SignerKnown(signer);
        _admit(signer, maxCap, maxWindow);
    }

    /// @inheritdoc ISale
    function strikeOffSigner(address signer) external onlyOwner {
        Signer s = _signers[signer];
        if (!s.has(SignerStatus.Admitted)) revert Sale_SignerUnknown(signer);

        _signers[signer] = SlotLib.signer(s.maxCap(), s.maxWindow(), SignerStatus.StruckOff);
        emit SignerStruckOff(signer);
    }

    /// @inheritdoc ISale
    function invalidate(address buyer, uint256 nonce) external {
        _requireRole(_compliance);
        Totals totals = _totals;
        _requireUnsettled(totals);
        Position position = _positions[buyer];
        uint256 current = position.nonce();
        if (nonce <= current) revert Sale_NonceUsed(nonce, current + 1);
        if (nonce > type(uint32).max) revert Sale_NonceAhead(nonce, type(uint32).max);

        bytes19 history_ = HistoryLib.next(totals.history(), Kind.Invalidate, buyer, nonce, 0, 0);
        _positions[buyer] = SlotLib.position(position.paid(), 0, nonce, position.paidAt());
        _totals = SlotLib.totals(totals.raised(), totals.stage(), history_);
        emit Invalidated(buyer, nonce, history_);
    }

    /// @inheritdoc ISale
    function eject(address buyer) external {
        _requireRole(_compliance);
        if (!_ejectable) revert Sale_NotEjectable();
        Totals totals = _totals;
        _requireUnsettled(totals);
        Position position = _positions[buyer];
        uint256 amount = position.paid();
        if (amount == 0) revert Sale_NothingPaid(buyer);

        _ejected[buyer] += amount;
        bytes19 history_ = _leave(Kind.Eject, buyer, position, totals);
        emit Ejected(buyer, position.nonce(), amount, history_);
    }

    /// @inheritdoc ISale
    function pause(uint256 seconds_) external {
        _requireRole(_guardian);
        Phase got = phase();
        // The error can name one of the phases that are allowed.
        if (got != Phase.Pending && got != Phase.Open) revert Sale_WrongPhase(got, Phase.Open);
        if (_pausedUntil != 0) revert Sale_PauseSpent(_pausedUntil);
        if (seconds_ > MAX_PAUSE) revert Sale_PauseTooLong(seconds_, MAX_PAUSE);

        _pausedUntil = block.timestamp + seconds_;
        _setStage(Stage.Paused);
        emit Paused(_pausedUntil);
    }

    /// @inheritdoc ISale
    function declareFailed() external {
        _requireRole(_guardian);
        Phase got = phase();
        if (got == Phase.Listed || got == Phase.Failed) revert Sale_WrongPhase(got, Phase.Succeeded);
        if (got == Phase.Succeeded) {
            uint256 until = _progress.settledAt + _listDelay;
            if (block.timestamp >= until) revert Sale_FailureTooLate(block.timestamp, until);
        }

        _setStage(Stage.Failed);
        emit DeclaredFailed();
    }

    /// @dev Zero is what a bad signature names: `_checkSignature`.
    function _admit(address signer, uint256 maxCap, uint256 maxWindow) private {
        if (signer == address(0)) revert Sale_SignerUnknown(signer);
        if (maxCap > type(uint96).max) revert Sale_SignerCapExceeded(maxCap, type(uint96).max);
        if (maxWindow > type(uint64).max) revert Sale_SignerWindowExceeded(maxWindow, type(uint64).max);

        _signers[signer] = SlotLib.signer(maxCap, maxWindow, SignerStatus.Admitted);
        emit SignerAdded(signer, maxCap, maxWindow);
    }

    function _requireRole(address wanted) private view {
        if (msg.sender != wanted) revert Sale_NotAuthorised(msg.sender, wanted);
    }

    // ── Phases ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ISale
    function phase() public view returns (Phase) {
        return _phaseOf(_totals);
    }

    function _phaseOf(Totals totals) private view returns (Phase) {
        return
            PhaseLib.phase(
                totals.stage(),
                totals.raised() >= _softCap,
                block.timestamp,
                _opensAt,
                _closesAt,
                _listingDeadline
            );
    }

    function _setStage(Stage stage_) private {
        _totals = _totals.withStage(stage_);
    }

    function _requirePhase(Phase wanted) private view {
        _requirePhase(wanted, _totals);
    }

    function _requirePhase(Phase wanted, Totals totals) private view {
        Phase got = _phaseOf(totals);
        if (got != wanted) revert Sale_WrongPhase(got, wanted);
    }

    function _requireUnsettled(Totals totals) private view {
        Phase got = _phaseOf(totals);
        if (got != Phase.Pending && got != Phase.Open && got != Phase.Closed) {
            revert Sale_WrongPhase(got, Phase.Open);
        }
    }

    // ── Money ───────────────────────────────────────────────────────────────────────────────────────────────────────

    function _balance() private view returns (uint256) {
        return currency == address(0) ? address(this).balance : IERC20(currency).balanceOf(address(this));
    }

    function _send(address to, uint256 amount) private {
        if (currency == address(0)) _sendEther(to, amount);
        else IERC20(currency).safeTransfer(to, amount);
    }

    function _sendEther(address to, uint256 amount) private {
        (bool taken, ) = to.call{value: amount}("");
        if (!taken) revert Sale_EtherNotTaken(to);
    }

    // ── Views ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ISale
    function token() external view returns (address) {
        return _progress.token;
    }

    /// @inheritdoc ISale
    function settledAt() external view returns (uint256) {
        return _progress.settledAt;
    }

    /// @inheritdoc ISale
    function listedAt() external view returns (uint256) {
        return _progress.listedAt;
    }

    /// @inheritdoc ISale
    function raised() external view returns (uint256) {
        return _totals.raised();
    }

    /// @inheritdoc ISale
    function stage() external view returns (Stage) {
        return _totals.stage();
    }

    /// @inheritdoc ISale
    function history() external view returns (bytes19) {
        return _totals.history();
    }

    /// @inheritdoc ISale
    function positionOf(
        address buyer
    ) external view returns (uint256 paid, uint256 claimed, uint256 nonce, uint256 paidAt) {
        Position position = _positions[buyer];
        return (position.paid(), position.claimed(), position.nonce(), position.paidAt());
    }

    /// @inheritdoc ISale
    function ejectedOf(address buyer) external view returns (uint256) {
        return _ejected[buyer];
    }

    /// @inheritdoc ISale
    function claimable(address buyer) external view returns (uint256 tokens) {
        uint256 listedAt_ = _progress.listedAt;
        if (listedAt_ == 0) return 0;
        Position position = _positions[buyer];
        return ((_vestedCurrency(position.paid(), listedAt_) - position.claimed()) / _currencyUnits) * _tokenUnits;
    }

    /// @inheritdoc ISale
    function signerOf(address signer) external view returns (uint8 status, uint256 maxCap, uint256 maxWindow) {
        Signer s = _signers[signer];
        return (uint8(s.status()), s.maxCap(), s.maxWindow());
    }

    /// @inheritdoc ISale
    function pausedUntil() external view returns (uint256) {
        return _pausedUntil;
    }

    /// @inheritdoc ISale
    function credits() external view returns (uint256 fee, uint256 treasury, uint256 treasuryPaid, uint256 unsold) {
        Credits storage c = _credits;
        return (c.fee, c.treasury, c.treasuryPaid, c.unsold);
    }

    /// @inheritdoc ISale
    function voucherDigest(address buyer, Voucher calldata voucher) external view returns (bytes32) {
        return VoucherLib.digest(_domainSeparatorV4(), buyer, voucher);
    }

    /// @inheritdoc ISale
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }
}
