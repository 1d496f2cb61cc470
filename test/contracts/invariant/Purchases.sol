// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISale, Kind, Phase, Voucher} from "../../../contracts/interfaces/ISale.sol";
import {Mood, MoodyToken} from "../../../contracts/mocks/MoodyToken.sol";
import {Moods} from "./Moods.sol";
import {Action, Step} from "./Step.sol";

/// @notice Purchases, right and wrong in every way: `_planPurchase` draws one and says by the rules what comes of it.
abstract contract Purchases is Moods {
    struct Offer {
        uint256 key;
        uint256 leastFill;
        uint256 fill;
        uint256 fault;
        bytes32 domain;
        address signedFor;
    }

    function _planPurchase(Step memory s, address buyer, uint256 amount, uint256 fault) internal {
        Offer memory o;
        o.fault = fault;
        (s.from, s.who, s.to, s.amount) = (buyer, buyer, address(sale), amount);
        _chooseVoucher(s, o);
        _spoil(s, o);
        _sign(s, o);
        _spoilSigned(s, o);

        s.checkWanted = _refusal(s, o);
        s.extra = o.fill;
        bool ether_ = address(money) == address(0);
        if (s.action == Action.Purchase) {
            s.value = ether_ ? s.amount : 0;
            if (fault == 14) s.value = s.value == 0 ? 1 : s.value - 1;
            s.data = abi.encodeCall(ISale.purchase, (s.amount, o.leastFill, s.voucher, s.signature));
            if (fault == 14)
                s.wanted = abi.encodeWithSelector(ISale.Sale_WrongValue.selector, s.value, ether_ ? s.amount : 0);
        } else {
            if (ether_) s.wanted = abi.encodeWithSelector(ISale.Sale_WrongValue.selector, 0, s.amount);
        }
        if (s.value > s.from.balance) vm.deal(s.from, PURSE);
        if (s.wanted.length == 0) s.wanted = s.checkWanted;
        _pay(s, o, ether_);
    }

    function _amount(address buyer) internal returns (uint256) {
        uint256 unit = terms.sale.price.currencyUnits;
        uint256 left = terms.sale.hardCap - _b().raised;
        uint256 paid = _of(buyer).paid;
        uint256 least = terms.sale.minPurchase > paid ? terms.sale.minPurchase - paid : unit;
        uint256 r = _below(20);
        if (r == 0) return left;
        if (r == 1) return left + _between(1, 5 * unit);
        if (r == 2) return _below(unit);
        if (r == 3) return least > unit ? least - unit : 0;
        if (r == 4 && address(money) != address(0)) return 2 ** 255;
        uint256 some = unit * _between(1, 1 + left / unit / 8);
        return (some < least ? least : some) + (r < 8 ? _below(unit) : 0);
    }

    // ── The offer ──

    function _chooseVoucher(Step memory s, Offer memory o) private {
        Voucher memory v = s.voucher;
        uint256 r = _below(3);
        for (uint256 i; i < 3; i++) {
            o.key = KEY_FIRST + ((r + i) % 3);
            if (_signerBook(_signer(o.key)).status == 1) break;
        }
        uint256 most = _signerBook(_signer(o.key)).maxWindow;
        if (most == 0 || !terms.sale.voucherRequired) most = 1 days;

        uint256 window = most > 400 days ? _pick(most, 1, 1 days) : _between(1, most);
        uint256 past = _pick(0, (window - 1) % block.timestamp, _below(window) % block.timestamp);
        uint256 paid = _of(s.who).paid;
        v.nonce = _of(s.who).nonce;
        v.validFrom = block.timestamp - past;
        v.validUntil = v.validFrom + window;
        v.cumulativeCap = _pick(paid + s.amount, terms.sale.hardCap, type(uint96).max);
        if (terms.sale.voucherRequired && _chance(95)) {
            uint256 bound = _signerBook(_signer(o.key)).maxCap;
            if (v.cumulativeCap > bound) v.cumulativeCap = bound;
        }
        v.orderId = bytes32(_roll());
        (o.domain, o.signedFor) = (_domain(address(sale), block.chainid), s.who);
    }

    function _spoil(Step memory s, Offer memory o) private {
        Voucher memory v = s.voucher;
        uint256 unit = terms.sale.price.currencyUnits;
        if (o.fault == 1 && v.nonce != 0) v.nonce = _below(v.nonce);
        if (o.fault == 2) v.nonce += _pick(1, type(uint128).max);
        if (o.fault == 3) v.validFrom = block.timestamp + _pick(1, 1 days);
        if (o.fault == 4) v.validUntil = block.timestamp - _pick(0, 1);
        if (o.fault == 5) o.key = KEY_UNKNOWN;
        if (o.fault == 6) o.key = _pick(KEY_FIRST, KEY_SECOND, KEY_OF_CONTRACT);
        if (o.fault == 7) v.cumulativeCap = _signerBook(_signer(o.key)).maxCap + 1;
        if (o.fault == 8) v.validUntil = v.validFrom + _signerBook(_signer(o.key)).maxWindow + 1;
        if (o.fault == 9) {
            uint256 paid = _of(s.who).paid;
            v.cumulativeCap = _pick(paid + s.amount == 0 ? 0 : paid + s.amount - 1, paid / 2);
        }
        if (o.fault == 10) o.signedFor = buyers[_below(BUYERS)];
        if (o.fault == 11) o.domain = _domain(STRANGER, block.chainid);
        if (o.fault == 12) o.domain = _domain(address(sale), block.chainid + 1);
        if (o.fault == 13) {
            uint256 left = terms.sale.hardCap - _b().raised;
            o.leastFill = (s.amount < left ? s.amount - (s.amount % unit) : left) + _pick(0, 1, unit);
        }
    }

    function _sign(Step memory s, Offer memory o) private view {
        if (!terms.sale.voucherRequired) return;
        (uint8 v, bytes32 r, bytes32 vs) = vm.sign(o.key, _digest(o.domain, o.signedFor, s.voucher));
        bool short = uint256(vs) & 2 == 0;
        s.signature =
            short ? abi.encodePacked(r, bytes32((uint256(v - 27) << 255) | uint256(vs))) : abi.encodePacked(r, vs, v);
        if (o.key == KEY_OF_CONTRACT) s.signature = abi.encodePacked(address(contractSigner), r, vs, v);
    }

    /// @dev After signing: any field moved, another form of the signature, the voucher used last.
    function _spoilSigned(Step memory s, Offer memory o) private {
        Voucher memory v = s.voucher;
        if (o.fault == 15) {
            uint256 field = _below(5);
            if (field == 0) v.nonce += 1;
            if (field == 1) v.cumulativeCap += 1;
            if (field == 2 && v.validFrom != 0) v.validFrom -= 1;
            if (field == 3 && v.validUntil < type(uint256).max) v.validUntil += 1;
            if (field == 4) v.orderId = ~v.orderId;
        }
        if (o.fault == 16) {
            uint256 form = _below(4);
            if (form == 0) s.signature = "";
            if (form == 1) s.signature = abi.encodePacked(uint152(_roll()));
            if (form == 2) s.signature = abi.encodePacked(address(contractSigner), _roll());
            if (form == 3 && s.signature.length == 65) s.signature = _malleated(s.signature);
        }
        if (o.fault == 17 && _of(s.who).lastSignature.length != 0) {
            (s.voucher, s.signature) = (_of(s.who).last, _of(s.who).lastSignature);
        }
    }

    function _malleated(bytes memory signature) private pure returns (bytes memory) {
        uint256 order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
        bytes32 r;
        uint256 s;
        assembly {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
        }
        return abi.encodePacked(r, order - s, uint8(signature[64]) == 27 ? uint8(28) : uint8(27));
    }

    // ── The rules, in the order in which a purchase is refused ──

    function _refusal(Step memory s, Offer memory o) private view returns (bytes memory) {
        Phase p = _phase();
        if (p != Phase.Open) return abi.encodeWithSelector(ISale.Sale_WrongPhase.selector, p, Phase.Open);
        uint256 t = block.timestamp;
        uint256 until = _b().pausedUntil;
        if (t < until) return abi.encodeWithSelector(ISale.Sale_Paused.selector, until);

        Voucher memory v = s.voucher;
        uint256 nonce = _of(s.who).nonce;
        if (v.nonce < nonce) return abi.encodeWithSelector(ISale.Sale_NonceUsed.selector, v.nonce, nonce);
        if (v.nonce > nonce) return abi.encodeWithSelector(ISale.Sale_NonceAhead.selector, v.nonce, nonce);
        if (nonce == 2 ** 32 - 1) return abi.encodeWithSelector(ISale.Sale_NonceExhausted.selector);
        if (v.validFrom > t) return abi.encodeWithSelector(ISale.Sale_VoucherNotYetValid.selector, t, v.validFrom);
        if (v.validUntil <= t) return abi.encodeWithSelector(ISale.Sale_VoucherExpired.selector, t, v.validUntil);
        if (terms.sale.voucherRequired) {
            bytes memory unsigned = _unsigned(s);
            if (unsigned.length != 0) return unsigned;
        }
        return _unfit(s, o);
    }

    function _unsigned(Step memory s) private view returns (bytes memory) {
        Voucher memory v = s.voucher;
        bytes32 digest = _digest(_domain(address(sale), block.chainid), s.who, v);
        address signer = _signerOf(digest, s.signature);
        SignerBook storage book = _signerBook(signer);
        if (book.status == 2) return abi.encodeWithSelector(ISale.Sale_SignerRemoved.selector, signer);
        if (book.status == 0) return abi.encodeWithSelector(ISale.Sale_SignerUnknown.selector, signer);
        if (v.cumulativeCap > book.maxCap) {
            return abi.encodeWithSelector(ISale.Sale_SignerCapExceeded.selector, v.cumulativeCap, book.maxCap);
        }
        uint256 window = v.validUntil - v.validFrom;
        if (window > book.maxWindow) {
            return abi.encodeWithSelector(ISale.Sale_SignerWindowExceeded.selector, window, book.maxWindow);
        }
        if (signer == address(contractSigner)) {
            bytes memory inner = new bytes(s.signature.length - 20);
            for (uint256 i; i < inner.length; i++) inner[i] = s.signature[i + 20];
            bool signed = inner.length == 65 && _signerOf(digest, inner) == contractSigner.key();
            if (!signed) return abi.encodeWithSelector(ISale.Sale_SignatureInvalid.selector, signer);
        }
        return "";
    }

    function _unfit(Step memory s, Offer memory o) private view returns (bytes memory) {
        uint256 paid = _of(s.who).paid;
        uint256 cap = s.voucher.cumulativeCap;
        if (paid + s.amount > cap) {
            return abi.encodeWithSelector(ISale.Sale_CapExceeded.selector, s.amount, cap < paid ? 0 : cap - paid);
        }
        uint256 unit = terms.sale.price.currencyUnits;
        uint256 lots = (terms.sale.hardCap - _b().raised) / unit;
        if (lots == 0) return abi.encodeWithSelector(ISale.Sale_SoldOut.selector);
        uint256 asked = s.amount / unit;
        if (asked == 0) return abi.encodeWithSelector(ISale.Sale_AmountTooSmall.selector, s.amount, unit);
        o.fill = unit * (asked < lots ? asked : lots);
        if (asked < lots && paid + o.fill < terms.sale.minPurchase) {
            return abi.encodeWithSelector(ISale.Sale_BelowMinimum.selector, paid + o.fill, terms.sale.minPurchase);
        }
        if (o.fill < o.leastFill) {
            return abi.encodeWithSelector(ISale.Sale_FillBelowLeast.selector, o.fill, o.leastFill);
        }
        return "";
    }

    // ── The payment ──

    function _pay(Step memory s, Offer memory o, bool ether_) private {
        if (ether_) {
            if (s.action == Action.Purchase && o.fill != s.amount) _moodOut(s, address(0), s.who);
            _encode(s, o, 0, 0);
            return;
        }
        uint256 allow = _pick(s.amount, o.fill);
        if (s.action == Action.PurchaseWithAuthorization) allow = 0;
        if (s.action == Action.PurchaseWithPermit && (o.fault != 18 || _chance(50))) allow = _below(2) * o.fill;
        if (s.action == Action.Purchase && o.fault == 18 && allow != 0) allow = o.fill == 0 ? 0 : o.fill - 1;
        _approve(money, s.who, address(sale), allow);

        bool permitted = o.fault != 18;
        if (s.action == Action.PurchaseWithAuthorization) {
            _authorize(s, o, permitted);
            return;
        }
        uint256 deadline = block.timestamp;
        bytes32 permit = keccak256(abi.encode(s.who, address(sale), s.amount, deadline));
        _encode(s, o, deadline, permitted ? permit : ~permit);
        if (s.action == Action.PurchaseWithPermit && permitted) allow = s.amount;
        if (!_passes(s)) return;
        if (allow < o.fill) s.wanted = abi.encodeWithSelector(MoodyToken.MoodyToken_Short.selector, allow, o.fill);
        _moodIn(s, address(money), s.who, o.fill, ISale.Sale_WrongReceived.selector);
    }

    function _authorize(Step memory s, Offer memory o, bool permitted) private {
        bytes32 authorized = keccak256(
            abi.encode(s.who, address(sale), s.amount, 0, s.voucher.validUntil, s.voucher.orderId)
        );
        _encode(s, o, 0, permitted ? authorized : ~authorized);
        if (!_passes(s)) return;
        if (!permitted) s.wanted = abi.encodeWithSelector(MoodyToken.MoodyToken_NotPermitted.selector);
        // All of it comes before what is not filled goes back.
        uint256 purse = money.balanceOf(s.who);
        if (_passes(s) && purse < s.amount) {
            s.wanted = abi.encodeWithSelector(MoodyToken.MoodyToken_Short.selector, purse, s.amount);
        }
        // A tax is on all that was authorised; what is not filled goes back in full.
        uint256 tax = s.amount / 100 + 1;
        if (tax > o.fill) return;
        _moodIn(s, address(money), s.who, o.fill, ISale.Sale_WrongReceived.selector);
        if (s.mood == Mood.Taxes) {
            s.wanted = abi.encodeWithSelector(ISale.Sale_WrongReceived.selector, o.fill - tax, o.fill);
        }
        if (s.mood == Mood.Lies && o.fill == s.amount) {
            s.wanted = abi.encodeWithSelector(ISale.Sale_WrongReceived.selector, 0, o.fill);
        }
    }

    function _encode(Step memory s, Offer memory o, uint256 deadline, bytes32 r) private pure {
        if (s.action == Action.PurchaseWithPermit) {
            s.data = abi.encodeCall(
                ISale.purchaseWithPermit,
                (s.amount, o.leastFill, s.voucher, s.signature, deadline, 27, r, 0)
            );
        }
        if (s.action == Action.PurchaseWithAuthorization) {
            s.data = abi.encodeCall(
                ISale.purchaseWithAuthorization,
                (s.amount, o.leastFill, s.voucher, s.signature, 27, r, 0)
            );
        }
    }

    /// @dev The preview of it, in the same words.
    function _previewData(Step memory s) internal pure returns (bytes memory) {
        (uint256 amount, uint256 leastFill) = _firstWords(s.data);
        return abi.encodeCall(ISale.previewPurchase, (s.who, amount, leastFill, s.voucher, s.signature));
    }

    function _firstWords(bytes memory data) private pure returns (uint256 a, uint256 b) {
        assembly {
            a := mload(add(data, 36))
            b := mload(add(data, 68))
        }
    }

    function _notePurchase(Step memory s) internal {
        Books storage b = _b();
        Account storage a = _of(s.who);
        _move(address(money), s.who, address(sale), s.extra);
        _entry(Kind.Purchase, s.who, a.nonce, s.extra, s.voucher.orderId);
        a.paid += s.extra;
        a.nonce += 1;
        a.paidAt = block.timestamp;
        (a.last, a.lastSignature) = (s.voucher, s.signature);
        b.raised += s.extra;
        if (b.raised == terms.sale.hardCap && terms.sale.coolingOff == 0) b.sealedEarly = true;
    }
}
