// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {MoodyBuyer} from "./MoodyBuyer.sol";

enum Mood {
    Calm,
    /// Moves nothing of or to one account, as a blocklist.
    Blocks,
    /// Moves nothing and answers false.
    Lies,
    /// The recipient gets a hundredth less, at least one.
    Taxes,
    /// The recipient gets one more.
    Gives,
    /// Calls one account before it moves anything of or to it.
    Calls,
    /// Says of one account's balance nothing but an error.
    Fails,
    /// Says of one account's balance nothing at all.
    Mute
}

/// @title An ERC-20 in every bad mood, with permits and authorisations that are hashes of what they permit
/// @notice `quiet`: returns nothing and changes an allowance only from or to zero, as USDT does.
contract MoodyToken {
    bool public immutable quiet;
    Mood public mood;
    address public moodAt;
    uint256 public totalSupply;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    mapping(address from => mapping(bytes32 nonce => bool)) public used;
    mapping(address account => uint256) private _balances;

    error MoodyToken_Blocked(address account);
    error MoodyToken_Short(uint256 got, uint256 wanted);
    error MoodyToken_NotPermitted();
    error MoodyToken_AllowanceNotZero();

    constructor(bool quiet_) {
        quiet = quiet_;
    }

    function decimals() external pure returns (uint8) {
        return 18;
    }

    function mint(address to, uint256 amount) external {
        totalSupply += amount;
        _balances[to] += amount;
    }

    function balanceOf(address account) external view returns (uint256) {
        if (mood == Mood.Fails && account == moodAt) revert MoodyToken_Blocked(account);
        if (mood == Mood.Mute && account == moodAt) _stop();
        return _balances[account];
    }

    function setMood(Mood mood_, address account) external {
        (mood, moodAt) = (mood_, account);
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        if (quiet && amount != 0 && allowance[msg.sender][spender] != 0) revert MoodyToken_AllowanceNotZero();
        allowance[msg.sender][spender] = amount;
        return _answer(true);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _answer(_move(msg.sender, to, amount));
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < amount) revert MoodyToken_Short(allowed, amount);
        allowance[from][msg.sender] = allowed - amount;
        return _answer(_move(from, to, amount));
    }

    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8,
        bytes32 r,
        bytes32
    ) external {
        if (r != keccak256(abi.encode(owner, spender, value, deadline))) revert MoodyToken_NotPermitted();
        allowance[owner][spender] = value;
    }

    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8,
        bytes32 r,
        bytes32
    ) external {
        bool live = block.timestamp > validAfter && block.timestamp < validBefore && !used[from][nonce];
        bool signed = r == keccak256(abi.encode(from, to, value, validAfter, validBefore, nonce));
        if (!live || !signed || to != msg.sender) revert MoodyToken_NotPermitted();

        used[from][nonce] = true;
        _move(from, to, value);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        bool concerned = moodAt == from || moodAt == to;
        if (mood == Mood.Blocks && concerned) revert MoodyToken_Blocked(moodAt);
        if (mood == Mood.Lies) return false;
        if (mood == Mood.Calls && concerned) MoodyBuyer(payable(moodAt)).tokensMove();
        if (_balances[from] < amount) revert MoodyToken_Short(_balances[from], amount);

        uint256 received = amount;
        if (mood == Mood.Taxes && amount != 0) received -= amount / 100 + 1 > amount ? amount : amount / 100 + 1;
        if (mood == Mood.Gives) received += 1;
        _balances[from] -= amount;
        _balances[to] += received;
        totalSupply = totalSupply + received - amount;
        return true;
    }

    function _answer(bool yes) private view returns (bool) {
        if (!quiet) return yes;
        _stop();
    }

    function _stop() private pure {
        assembly {
            return(0, 0)
        }
    }
}
