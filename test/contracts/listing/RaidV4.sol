// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {ILock} from "../../../contracts/interfaces/ILock.sol";
import {ModifyLiquidityParams, PoolKey} from "../../../contracts/interfaces/IUniswapV4.sol";
import {IVenue, Listing} from "../../../contracts/interfaces/IVenue.sol";
import {PlainCurrency} from "../../../contracts/mocks/PlainCurrency.sol";
import {VenueV4} from "../../../contracts/venues/VenueV4.sol";
import {Raid} from "./Raid.sol";
import {IManager, SwapParams, Uniswap} from "./Uniswap.sol";

abstract contract RaidV4 is Raid {
    struct Position {
        PoolKey key;
        int24 lower;
        int24 upper;
        uint256 liquidity;
    }

    int24 private constant MAX_TICK = 887_272;
    uint256 private constant POOLS_SLOT = 6;

    IManager internal manager;
    Position[] private _positions;
    PlainCurrency private _existing;

    function _build() internal override {
        tickSpacing = 60;
        manager = IManager(_create(abi.encodePacked(Uniswap.v4Manager(), abi.encode(address(this)))));
        bytes memory code = abi.encodePacked(vm.getCode("contracts/venues/VenueV4.sol:VenueV4"), abi.encode(manager));
        venue = _create2(code, _mine(address(this), keccak256(code), address(0)));

        _addSale(address(dollar), address(0), 90_000e6, true);
        _addSale(address(dollar), address(0), 240_000e6, false);
        _addSale(address(0), address(0), 150_000e6, false);
        _existing = new PlainCurrency();
        _existing.mint(address(this), SUPPLY);
        Lot storage taken = _addSale(
            address(dollar),
            address(_existing),
            120_000e6,
            address(_existing) < address(dollar)
        );
        bytes32 opener = keccak256(vm.getCode("contracts/venues/PoolOpener.sol:PoolOpener"));
        taken.salt = _mine(venue, opener, address(taken.sale));
    }

    function _wraps() internal pure override returns (bool) {
        return false;
    }

    // ── Pools ──

    function _mainKey() private view returns (PoolKey memory key) {
        bool tokenIs0 = lot.token < lot.currency;
        (key.currency0, key.currency1) = tokenIs0 ? (lot.token, lot.currency) : (lot.currency, lot.token);
        (key.fee, key.tickSpacing) = (feeTier, tickSpacing);
        key.hooks = lot.existing ? VenueV4(venue).hookOf(address(lot.sale), lot.salt) : venue;
    }

    /// @dev The sale's pool, or one like it that anybody may open.
    function _anyKey() private returns (PoolKey memory key) {
        key = _mainKey();
        if (_chance(40)) return key;
        if (_chance(60)) key.hooks = address(0);
        if (_chance(50)) (key.fee, key.tickSpacing) = (500, 10);
        if (_chance(20)) key.tickSpacing = int24(int256(_pick(1, 200, 32_767)));
    }

    function _stateSlot(PoolKey memory key) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(keccak256(abi.encode(key)), POOLS_SLOT)));
    }

    function _price() private returns (uint160) {
        uint256 kind = _below(5);
        if (kind == 0) return uint160(_pick(Uniswap.MIN_SQRT_PRICE + 1, Uniswap.MAX_SQRT_PRICE - 1, 1 << 96));
        if (kind == 1) return uint160((uint256(1) << 96) * 3651 * 1000);
        if (kind == 2) return uint160((uint256(1) << 96) / (3651 * 1000));
        return uint160(uint256(1) << _between(40, 150));
    }

    // ── Before ──

    function _prepare() internal override {
        uint256 kind = _below(16);
        if (kind < 3) manager.initialize(_anyKey(), _price());
        else if (kind < 6) _unlock(abi.encodeCall(this.addLiquidity, (_anyKey())));
        else if (kind == 6) _removeOne();
        else if (kind == 7) _unlock(abi.encodeCall(this.swap, (_anyKey(), _chance(50), _between(1, 1e12), _price())));
        else if (kind == 8) _unlock(abi.encodeCall(this.give, (_anyKey())));
        else if (kind < 11) manager.sync(_anyCurrency());
        else if (kind == 11) _unlock(abi.encodeCall(this.borrow, (_anyCurrency())));
        else if (kind == 12) manager.settle{value: _below(2)}();
        else if (kind == 13) _callVenue();
        else if (kind == 14) _giveElsewhere();
        else _unlock(abi.encodeCall(this.keepClaims, (_below(1e6))));
    }

    function _anyCurrency() private returns (address) {
        return address(uint160(_pick(0, uint160(lot.token), uint160(address(dollar)), uint160(address(weth)))));
    }

    function _callVenue() private {
        if (_chance(30)) {
            VenueV4(venue).unlockCallback("");
            return;
        }
        // The sale's token listed by a stranger first, or another of the stranger's own.
        _existing.approve(venue, 1e9);
        dollar.approve(venue, 1e9);
        bytes32 salt = _ownSalt();
        address token = _chance(50) ? address(_existing) : lot.token;
        Listing memory l = Listing(token, address(dollar), 1e9, 1e9, feeTier, tickSpacing, address(this), 0, salt);
        if (_chance(20)) l.salt = lot.salt;
        (bytes32 id, , , ) = IVenue(venue).list(l);
        if (_chance(50)) ILock(venue).release(id);
    }

    bytes32 private _salt;

    function _ownSalt() private returns (bytes32) {
        if (_salt == 0) {
            bytes32 opener = keccak256(vm.getCode("contracts/venues/PoolOpener.sol:PoolOpener"));
            _salt = _mine(venue, opener, address(this));
        }
        return _salt;
    }

    function _giveElsewhere() private {
        uint256 kind = _below(4);
        if (kind == 0) dollar.transfer(venue, _below(1e9));
        else if (kind == 1) dollar.transfer(address(lot.sale), _below(1e9));
        else if (kind == 2) dollar.transfer(address(manager), _below(1e9));
        else {
            address to = _chance(50) ? address(manager) : address(lot.sale);
            (bool passed, ) = to.call{value: 1}("");
            passed;
        }
    }

    // ── Within the manager's lock ──

    function _unlock(bytes memory call) private {
        manager.unlock(call);
    }

    function unlockCallback(bytes calldata call) external returns (bytes memory) {
        require(msg.sender == address(manager), "manager");
        (bool passed, bytes memory answer) = address(this).call(call);
        if (!passed) {
            assembly {
                revert(add(answer, 32), mload(answer))
            }
        }
        _square(address(0));
        _square(address(dollar));
        if (lot.token != address(0)) _square(lot.token);
        return "";
    }

    function _square(address currency) private {
        int256 delta = int256(uint256(manager.exttload(keccak256(abi.encode(address(this), currency)))));
        if (delta > 0) manager.take(currency, address(this), uint256(delta));
        if (delta >= 0) return;
        manager.sync(currency);
        if (currency != address(0)) IERC20(currency).transfer(address(manager), uint256(-delta));
        manager.settle{value: currency == address(0) ? uint256(-delta) : 0}();
    }

    function addLiquidity(PoolKey memory key) external onlyMe {
        int24 most = MAX_TICK / key.tickSpacing;
        int24 lower = int24(int256(_between(0, uint24(2 * most - 1)))) - most;
        int24 upper = _chance(50) ? most : lower + 1 + int24(int256(_below(uint24(most - lower))));
        if (_chance(20)) lower = -most;
        (lower, upper) = (lower * key.tickSpacing, upper * key.tickSpacing);
        uint256 liquidity = _pick(1, _between(1, 1e9), _between(1, 1e18));
        manager.modifyLiquidity(key, ModifyLiquidityParams(lower, upper, int256(liquidity), 0), "");
        _positions.push(Position(key, lower, upper, liquidity));
    }

    function removeLiquidity(Position memory p) external onlyMe {
        manager.modifyLiquidity(p.key, ModifyLiquidityParams(p.lower, p.upper, -int256(p.liquidity), 0), "");
    }

    /// @dev More than there is, or the venue's own range: only ever the attacker's.
    function grab(PoolKey memory key, uint256 liquidity) external onlyMe {
        manager.modifyLiquidity(key, ModifyLiquidityParams(-887_220, 887_220, -int256(liquidity), 0), "");
    }

    function swap(PoolKey memory key, bool zeroForOne, uint256 amount, uint160 limit) external onlyMe {
        manager.swap(key, SwapParams(zeroForOne, -int256(amount), limit), "");
    }

    function give(PoolKey memory key) external onlyMe {
        manager.donate(key, _below(1e6), _below(1e6), "");
    }

    /// @dev All the manager has of a currency, and then whatever is left to try.
    function borrow(address currency) external onlyMe {
        uint256 all = currency == address(0) ? address(manager).balance : IERC20(currency).balanceOf(address(manager));
        manager.take(currency, address(this), all);
        (bool passed, ) = address(lot.sale).call(abi.encodeCall(lot.sale.listWithSalt, (lot.sale.history(), lot.salt)));
        passed;
        if (currency == address(weth)) weth.transfer(address(manager), all);
    }

    function keepClaims(uint256 amount) external onlyMe {
        manager.mint(address(this), uint160(address(dollar)), amount);
        if (_chance(50)) manager.burn(address(this), uint160(address(dollar)), amount);
    }

    function within(bytes memory call) external onlyMe {
        if (_chance(50)) manager.sync(_anyCurrency());
        (bool passed, ) = address(lot.sale).call(call);
        passed;
    }

    function _listNested(bytes memory call) internal override {
        _unlock(abi.encodeCall(this.within, (call)));
    }

    function _removeOne() private {
        uint256 i = _below(_positions.length);
        _unlock(abi.encodeCall(this.removeLiquidity, (_positions[i])));
        _positions[i] = _positions[_positions.length - 1];
        _positions.pop();
    }

    function _knownSalt() internal override returns (bytes32) {
        return _chance(90) ? lot.salt : bytes32(_below(9));
    }

    function _secretSalt() internal view override returns (bytes32) {
        return lot.salt;
    }

    // ── After ──

    function _trade() internal override {
        PoolKey memory key = _mainKey();
        bool moneyIs0 = lot.currency < lot.token;
        uint256 kind = _below(10);
        if (kind < 3) {
            uint256 amount = _between(1, _pick(10, lot.poolMoney, 20 * lot.poolMoney));
            _unlock(abi.encodeCall(this.swap, (key, moneyIs0, amount, _limit(moneyIs0))));
        } else if (kind == 3) {
            uint256 amount = _between(1, IERC20(lot.token).balanceOf(address(this)));
            _unlock(abi.encodeCall(this.swap, (key, !moneyIs0, amount, _limit(!moneyIs0))));
        } else if (kind < 6) _unlock(abi.encodeCall(this.addLiquidity, (_chance(80) ? key : _anyKey())));
        else if (kind == 6) _removeOne();
        else if (kind == 7) _unlock(abi.encodeCall(this.give, (key)));
        else if (kind == 8) _unlock(abi.encodeCall(this.grab, (key, _between(1, _principal()))));
        else _prepare();
    }

    function _limit(bool zeroForOne) private pure returns (uint160) {
        return zeroForOne ? Uniswap.MIN_SQRT_PRICE + 1 : Uniswap.MAX_SQRT_PRICE - 1;
    }

    function _sellAll() internal override {
        bool tokenIs0 = lot.token < lot.currency;
        uint256 amount = IERC20(lot.token).balanceOf(address(this));
        _unlock(abi.encodeCall(this.swap, (_mainKey(), tokenIs0, amount, _limit(tokenIs0))));
    }

    function _leavePools() internal override {
        for (uint256 i; i < _positions.length; i++) {
            (bool left, ) = address(manager).call(
                abi.encodeCall(manager.unlock, (abi.encodeCall(this.removeLiquidity, (_positions[i]))))
            );
            left;
        }
    }

    // ── What must hold ──

    function _idOf() internal view override returns (bytes32) {
        return keccak256(abi.encode(_mainKey()));
    }

    function _checkPool() internal view override {
        uint256 root = uint160(uint256(manager.extsload(bytes32(_stateSlot(_mainKey())))));
        _checkPrice(root, lot.token < lot.currency);
    }

    /// @dev Pool.State: slot0, two fee growths, liquidity, ticks, bitmap, positions.
    function _principal() internal view override returns (uint256) {
        bytes32 key = keccak256(abi.encodePacked(venue, int24(-887_220), int24(887_220), bytes32(0)));
        bytes32 slot = keccak256(abi.encode(key, _stateSlot(_mainKey()) + 6));
        return uint128(uint256(manager.extsload(slot)));
    }
}
