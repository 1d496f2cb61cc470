// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ISale, Kind, Phase, Voucher} from "../../../contracts/interfaces/ISale.sol";
import {IVesting} from "../../../contracts/interfaces/IVesting.sol";
import {Schedule} from "../../../contracts/interfaces/Terms.sol";
import {World} from "./World.sol";

/// @notice What a sale should be, kept by the design's words alone: it reads terms and its own notes, never the sale.
abstract contract Model is World {
    struct Books {
        bool funded;
        bool granted;
        bool declaredFailed;
        bool sealedEarly;
        address owner;
        address heir;
        uint256 raised;
        bytes19 history;
        uint256 settledAt;
        uint256 listedAt;
        uint256 pausedUntil;
        uint256 fee;
        uint256 treasury;
        uint256 treasuryPaid;
        uint256 unsold;
        uint256 escrowed;
        uint256 moneyGifts;
        uint256 tokenGifts;
    }

    struct Account {
        uint256 paid;
        uint256 claimed;
        uint256 nonce;
        uint256 paidAt;
        uint256 ejected;
        bool tookTokens;
        bool tookRefund;
        Voucher last;
        bytes lastSignature;
    }

    struct SignerBook {
        uint256 status;
        uint256 maxCap;
        uint256 maxWindow;
    }

    struct Allotment {
        address beneficiary;
        uint256 claimed;
        uint256 revokedAt;
    }

    bytes32 private constant DOMAIN_TYPE = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    string internal constant VOUCHER_TYPE =
        "Voucher(address buyer,uint256 nonce,uint256 cumulativeCap,uint256 validFrom,uint256 validUntil,bytes32 orderId)";
    uint256 private constant HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    mapping(address sale => Books) private _books;
    mapping(address sale => mapping(address buyer => Account)) private _accounts;
    mapping(address sale => mapping(address signer => SignerBook)) private _signerBooks;
    mapping(address sale => mapping(uint256 index => Allotment)) private _allotments;
    /// @dev What each account should hold. Asset zero: ETH.
    mapping(address asset => mapping(address account => uint256)) internal ledger;
    /// @dev Of each token, what Vesting owes to all grants.
    mapping(address asset => uint256) internal owedByVesting;

    function _b() internal view returns (Books storage) {
        return _books[address(sale)];
    }

    function _of(address buyer) internal view returns (Account storage) {
        return _accounts[address(sale)][buyer];
    }

    function _signerBook(address signer) internal view returns (SignerBook storage) {
        return _signerBooks[address(sale)][signer];
    }

    function _allotment(uint256 index) internal view returns (Allotment storage) {
        return _allotments[address(sale)][index];
    }

    function _beneficiary(uint256 index) internal view returns (address) {
        address changed = _allotment(index).beneficiary;
        return changed == address(0) ? allocations[index].beneficiary : changed;
    }

    function _openBooks() internal {
        Books storage b = _b();
        b.owner = terms.roles.owner == address(0) ? BURN : terms.roles.owner;
        b.history = bytes19(
            keccak256(abi.encodePacked(hex"1901", _domain(address(sale), block.chainid), sale.termsHash()))
        );
        if (terms.roles.signer != address(0)) {
            _signerBooks[address(sale)][terms.roles.signer] = SignerBook(
                1,
                terms.roles.signerMaxCap,
                terms.roles.signerMaxWindow
            );
        }
        b.funded = address(existing) == address(0);
        if (b.funded && !bornInList) _beBorn();
        for (uint256 i; i < BUYERS; i++) ledger[address(money)][buyers[i]] = PURSE;
        ledger[address(money)][address(venue)] = address(money) == address(0) ? PURSE : 2 ** 131;
        if (address(money) == address(0)) {
            ledger[address(0)][TREASURY] = TREASURY.balance;
            ledger[address(0)][FEE_RECIPIENT] = FEE_RECIPIENT.balance;
        }
    }

    function _beBorn() internal {
        ledger[token][address(sale)] = terms.token.maxSupply;
        _fundVesting();
    }

    function _fundVesting() internal {
        _b().granted = true;
        _b().escrowed = terms.vesting.allocationsTotal;
        owedByVesting[token] += terms.vesting.allocationsTotal;
        _move(token, address(sale), address(vesting), terms.vesting.allocationsTotal);
    }

    function _move(address asset, address from, address to, uint256 amount) internal {
        ledger[asset][from] -= amount;
        ledger[asset][to] += amount;
    }

    // ── Time ──

    function _phase() internal view returns (Phase) {
        Books storage b = _b();
        uint256 t = block.timestamp;
        if (b.declaredFailed) return Phase.Failed;
        if (b.listedAt != 0) return Phase.Listed;
        if (t >= terms.listing.deadline) return Phase.Failed;
        if (b.settledAt != 0) return Phase.Succeeded;
        if (t < terms.sale.opensAt) return b.funded ? Phase.Pending : Phase.Unfunded;
        if (!b.funded) return Phase.Failed;
        if (!b.sealedEarly && t < terms.sale.closesAt) return Phase.Open;
        return b.raised < terms.sale.softCap ? Phase.Failed : Phase.Closed;
    }

    /// @dev First second of the next phase that time alone brings; 0: none does.
    function _nextEdge() internal view returns (uint256) {
        Phase p = _phase();
        if (p == Phase.Unfunded || p == Phase.Pending) return terms.sale.opensAt;
        if (p == Phase.Open) return terms.sale.closesAt;
        if (p == Phase.Closed || p == Phase.Succeeded) return terms.listing.deadline;
        return 0;
    }

    // ── Sums ──

    /// @dev Money that belongs to buyers, fee and treasury now.
    function _owedMoney() internal view returns (uint256 owed) {
        Books storage b = _b();
        for (uint256 i; i < BUYERS; i++) {
            owed += _of(buyers[i]).ejected;
            if (b.listedAt == 0) owed += _of(buyers[i]).paid;
        }
        owed += b.fee + b.treasury - b.treasuryPaid;
    }

    /// @dev Tokens that buyers and the unsold credit can still ask for.
    function _owedTokens() internal view returns (uint256 owed) {
        Books storage b = _b();
        if (b.listedAt == 0) return 0;
        for (uint256 i; i < BUYERS; i++) owed += _tokensFor(_of(buyers[i]).paid - _of(buyers[i]).claimed);
        owed += b.unsold;
    }

    /// @dev amount × initial at once, the rest by completed steps or seconds of the duration after the cliff.
    function _released(Schedule memory s, uint256 amount, uint256 elapsed) internal pure returns (uint256) {
        if (s.initialBps >= 10_000 || elapsed >= s.durationSeconds) return amount;
        uint256 first = (amount * s.initialBps) / 10_000;
        if (elapsed < s.cliffSeconds) return first;
        uint256 parts = s.steps == 0 ? s.durationSeconds : s.steps;
        return first + ((amount - first) * ((parts * elapsed) / s.durationSeconds)) / parts;
    }

    /// @dev Of what `buyer` paid, in currency, what it may have claimed by now.
    function _releasedTo(address buyer) internal view returns (uint256) {
        uint256 listedAt = _b().listedAt;
        if (listedAt == 0) return 0;
        uint256 units = terms.sale.price.currencyUnits;
        return (_released(terms.vesting.buyers, _of(buyer).paid, block.timestamp - listedAt) / units) * units;
    }

    function _allotted(uint256 index) internal view returns (uint256) {
        uint256 listedAt = _b().listedAt;
        if (listedAt == 0) return 0;
        uint256 revokedAt = _allotment(index).revokedAt;
        uint256 until = revokedAt == 0 ? block.timestamp : revokedAt;
        return _released(allocations[index].schedule, allocations[index].amount, until - listedAt);
    }

    function _streamed() internal view returns (uint256) {
        Books storage b = _b();
        if (b.listedAt == 0) return 0;
        uint256 elapsed = block.timestamp - b.listedAt;
        uint256 length = terms.payout.streamSeconds;
        return elapsed < length ? (b.treasury * elapsed) / length : b.treasury;
    }

    // ── History and vouchers ──

    function _entry(Kind kind, address buyer, uint256 nonce, uint256 amount, bytes32 orderId) internal {
        Books storage b = _b();
        b.history = bytes19(keccak256(abi.encode(b.history, uint256(kind), buyer, nonce, amount, orderId)));
    }

    function _domain(address saleAddress, uint256 chainId) internal pure returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, keccak256("Slipway Sale"), keccak256("1"), chainId, saleAddress));
    }

    function _digest(bytes32 domain, address buyer, Voucher memory v) internal pure returns (bytes32) {
        bytes32 body = keccak256(
            abi.encode(
                keccak256(bytes(VOUCHER_TYPE)),
                buyer,
                v.nonce,
                v.cumulativeCap,
                v.validFrom,
                v.validUntil,
                v.orderId
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, body));
    }

    /// @dev Who signed: the key of 64 or 65 bytes, the contract that longer ones name; zero where nobody did.
    function _signerOf(bytes32 digest, bytes memory signature) internal pure returns (address) {
        if (signature.length < 20) return address(0);
        if (signature.length != 64 && signature.length != 65) return address(bytes20(signature));
        bytes32 r;
        uint256 s;
        assembly {
            r := mload(add(signature, 32))
            s := mload(add(signature, 64))
        }
        uint8 v = signature.length == 65 ? uint8(signature[64]) : 27 + uint8(s >> 255);
        if (signature.length == 64) s &= (1 << 255) - 1;
        return s > HALF_ORDER ? address(0) : ecrecover(digest, v, r, bytes32(s));
    }

    function _held(address asset, address account) internal view returns (uint256) {
        if (asset == address(0)) return account.balance;
        return asset.code.length == 0 ? 0 : IERC20(asset).balanceOf(account);
    }
}
