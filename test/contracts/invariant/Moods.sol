// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {ISale, Voucher} from "../../../contracts/interfaces/ISale.sol";
import {MoodyBuyer} from "../../../contracts/mocks/MoodyBuyer.sol";
import {Mood, MoodyToken} from "../../../contracts/mocks/MoodyToken.sol";
import {Model} from "./Model.sol";
import {Reentry, Step} from "./Step.sol";

/// @notice Puts tokens and buyers in moods, and says what a payment comes to in them.
abstract contract Moods is Model {
    /// @dev No moods at all.
    bool internal calm;

    function _passes(Step memory s) internal pure returns (bool) {
        return s.wanted.length == 0 && !s.bare;
    }

    /// @dev Of money or tokens that leave a contract for `who`.
    function _moodOut(Step memory s, address asset, address who) internal {
        if (calm || !_passes(s) || !_chance(30)) return;
        if (asset == address(0)) {
            if (_hasCode(who)) _meetCode(s, who, abi.encodeWithSelector(ISale.Sale_EtherNotTaken.selector, who));
            return;
        }
        if (asset == token && address(existing) == address(0)) return;

        uint256 kind = _below(3);
        if (kind == 0) {
            _setMood(s, asset, Mood.Blocks, who);
            s.wanted = abi.encodeWithSelector(MoodyToken.MoodyToken_Blocked.selector, who);
        } else if (kind == 1) {
            _setMood(s, asset, Mood.Lies, who);
            s.wanted = _failedOperation(asset);
            if (MoodyToken(asset).quiet()) _setMood(s, asset, Mood.Calm, who);
            if (MoodyToken(asset).quiet()) s.wanted = "";
        } else if (_hasCode(who)) {
            _setMood(s, asset, Mood.Calls, who);
            _meetCode(s, who, abi.encodeWithSelector(MoodyBuyer.MoodyBuyer_Refuses.selector));
        }
    }

    /// @dev Of money or tokens that a contract takes from `who`, and counts.
    function _moodIn(Step memory s, address asset, address who, uint256 taken, bytes4 wrongReceived) internal {
        if (calm || !_passes(s) || !_chance(40)) return;
        uint256 kind = _below(5);
        if (kind == 0) {
            uint256 tax = taken / 100 + 1;
            _setMood(s, asset, Mood.Taxes, who);
            s.wanted = abi.encodeWithSelector(wrongReceived, taken - tax, taken);
        } else if (kind == 1) {
            _setMood(s, asset, Mood.Gives, who);
            s.wanted = abi.encodeWithSelector(wrongReceived, taken + 1, taken);
        } else if (kind == 2 && _chance(50)) {
            _setMood(s, asset, Mood.Fails, s.to);
            s.wanted = abi.encodeWithSelector(MoodyToken.MoodyToken_Blocked.selector, s.to);
        } else if (kind == 2) {
            _setMood(s, asset, Mood.Mute, s.to);
            s.bare = true;
        } else {
            _moodOut(s, asset, who);
        }
    }

    function _setMood(Step memory s, address asset, Mood mood, address account) internal pure {
        (s.mood, s.moody, s.moodAt) = (mood, asset, account);
    }

    function _failedOperation(address asset) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, asset);
    }

    /// @dev `who` refuses what it is sent, or calls back.
    function _meetCode(Step memory s, address who, bytes memory refusal) internal {
        s.moodAt = who;
        if (_chance(30)) {
            s.refuses = true;
            s.wanted = refusal;
        } else if (s.to == address(vesting)) {
            // The very same claim again.
            (s.reentry, s.reentryCall) = (Reentry.Vesting, s.data);
        } else if (_chance(20)) {
            (s.reentry, s.reentryCall) = (Reentry.Finalise, abi.encodeCall(ISale.finalise, ()));
        } else {
            (s.reentry, s.reentryCall) = (Reentry.Guarded, _guardedCall(who));
        }
    }

    /// @dev The token is the currency under a second address: what moves as one moves as the other.
    function _secondFace(Step memory s) internal {
        if (calm || !_passes(s) || s.mood != Mood.Calm) return;
        if (address(money) == address(0) || !_hasCode(s.from) || _chance(70)) return;

        _setMood(s, token, Mood.Calls, s.from);
        (s.reentry, s.reentryCall) = (Reentry.Money, abi.encodeCall(MoodyToken.mint, (address(sale), 1)));
        s.wanted = abi.encodeWithSelector(ISale.Sale_TermsInvalid.selector, "token.existing", uint160(token), 0);
    }

    /// @dev A call that the guard must stop, whatever else would.
    function _guardedCall(address who) internal returns (bytes memory) {
        Voucher memory v = Voucher(_of(who).nonce + 1, type(uint96).max, block.timestamp, block.timestamp + 1, 0);
        uint256 unit = terms.sale.price.currencyUnits;
        uint256 i = _below(12);
        if (i == 0) return abi.encodeCall(ISale.purchase, (unit, 0, v, ""));
        if (i == 1) return abi.encodeCall(ISale.purchaseWithPermit, (unit, 0, v, "", 0, 0, 0, 0));
        if (i == 2) return abi.encodeCall(ISale.purchaseWithAuthorization, (unit, 0, v, "", 0, 0, 0));
        if (i == 3) return abi.encodeCall(ISale.withdraw, ());
        if (i == 4) return abi.encodeCall(ISale.refund, (who));
        if (i == 5) return abi.encodeCall(ISale.releaseEjected, (who));
        if (i == 6) return abi.encodeCall(ISale.claim, (who));
        if (i == 7) return abi.encodeCall(ISale.fund, ());
        if (i == 8) return abi.encodeCall(ISale.list, (_b().history));
        if (i == 9) return abi.encodeCall(ISale.releaseFee, ());
        if (i == 10) return abi.encodeCall(ISale.releaseTreasury, ());
        return abi.encodeCall(ISale.releaseUnsold, ());
    }
}
