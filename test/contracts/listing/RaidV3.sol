// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";

import {ILock} from "../../../contracts/interfaces/ILock.sol";
import {IUniswapV3Factory} from "../../../contracts/interfaces/IUniswapV3.sol";
import {IBearingVenue, Listing} from "../../../contracts/interfaces/IVenue.sol";
import {Raid} from "./Raid.sol";
import {IPool, Uniswap} from "./Uniswap.sol";

abstract contract RaidV3 is Raid {
    struct Position {
        IPool pool;
        int24 lower;
        int24 upper;
    }

    uint256 private constant SALTS = 3;
    int24 private constant MAX_TICK = 887_272;

    IUniswapV3Factory internal factory;
    IPool private _side;
    bytes32 private _tokenHash;
    Position[] private _positions;

    function _build() internal override {
        tickSpacing = 60;
        factory = IUniswapV3Factory(_create(Uniswap.v3Factory()));
        venue = _create(
            abi.encodePacked(vm.getCode("contracts/venues/VenueV3.sol:VenueV3"), abi.encode(factory, weth))
        );
        _tokenHash = keccak256(
            abi.encodePacked(
                vm.getCode("contracts/LaunchToken.sol:LaunchToken"),
                abi.encode("Harbour", "HRB", uint8(18), SUPPLY)
            )
        );
        _side = IPool(factory.createPool(address(dollar), address(weth), 3000));
        _side.initialize(1 << 96);
        _side.mint(address(this), -887_220, 887_220, 2 ** 60, "");

        _addSale(address(dollar), address(0), 90_000e6, true);
        _addSale(address(0), address(0), 240_000e6, true);
    }

    function _wraps() internal pure override returns (bool) {
        return true;
    }

    function _tokenFor(bytes32 salt) private view returns (address) {
        bytes32 ofSale = keccak256(abi.encode(lot.sale, salt));
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", venue, ofSale, _tokenHash)))));
    }

    /// @dev Of a token that a known salt would bear, or of the token that is.
    function _anyPool() private returns (IPool) {
        address token = live ? lot.token : _tokenFor(bytes32(_below(SALTS)));
        return IPool(factory.getPool(token, lot.money, _fee()));
    }

    function _mainPool() private view returns (IPool) {
        return IPool(factory.getPool(lot.token, lot.money, feeTier));
    }

    function _fee() private returns (uint24) {
        return uint24(_pick(3000, 3000, 500, 10_000));
    }

    function _spacingOf(IPool pool) private view returns (int24) {
        return pool.tickSpacing();
    }

    function _prepare() internal override {
        uint256 kind = _below(16);
        if (kind < 3) factory.createPool(_tokenFor(bytes32(_below(SALTS))), lot.money, _fee());
        else if (kind < 5) _anyPool().initialize(_price());
        else if (kind < 8) _addLiquidity(_anyPool());
        else if (kind == 8) _removeOne();
        else if (kind == 9) _swap(_anyPool(), _chance(50), int256(_between(1, 1e12)), _price());
        else if (kind == 10) IERC20(lot.money).transfer(address(_anyPool()), _between(1, 2 * lot.raised));
        else if (kind == 11) _anyPool().flash(address(this), _below(3), _below(3), "");
        else if (kind == 12) _ownListing();
        else if (kind == 13) _giveElsewhere();
        else if (kind == 14) _anyPool().increaseObservationCardinalityNext(3);
        else _callBack();
    }

    /// @dev Extremes, 1 : 1, near the price of the terms, anywhere.
    function _price() private returns (uint160) {
        uint256 kind = _below(5);
        if (kind == 0) return uint160(_pick(Uniswap.MIN_SQRT_PRICE + 1, Uniswap.MAX_SQRT_PRICE - 1, 1 << 96));
        if (kind == 1) return uint160((uint256(1) << 96) * 3651 * 1000);
        if (kind == 2) return uint160((uint256(1) << 96) / (3651 * 1000));
        return uint160(uint256(1) << _between(40, 150));
    }

    function _addLiquidity(IPool pool) private {
        int24 spacing = _spacingOf(pool);
        int24 most = MAX_TICK / spacing;
        int24 lower = int24(int256(_between(0, uint24(2 * most - 1)))) - most;
        int24 upper = _chance(50) ? most : lower + 1 + int24(int256(_below(uint24(most - lower))));
        if (_chance(20)) lower = -most;
        // At times for the venue's own position, which nobody can take out then.
        address owner = _chance(10) ? venue : address(this);
        pool.mint(owner, lower * spacing, upper * spacing, uint128(_pick(1, _between(1, 1e9), _between(1, 1e18))), "");
        _positions.push(Position(pool, lower * spacing, upper * spacing));
    }

    function _removeOne() private {
        _remove(_positions[_below(_positions.length)]);
    }

    function _remove(Position memory p) private {
        (uint128 liquidity, , , , ) = p.pool.positions(keccak256(abi.encodePacked(address(this), p.lower, p.upper)));
        p.pool.burn(p.lower, p.upper, liquidity);
        p.pool.collect(address(this), p.lower, p.upper, type(uint128).max, type(uint128).max);
    }

    function _swap(IPool pool, bool zeroForOne, int256 amount, uint160 limit) private {
        pool.swap(address(this), zeroForOne, amount, limit, "");
    }

    /// @dev A token and a pool of the attacker's own, through the same venue.
    function _ownListing() private {
        address token = IBearingVenue(venue).bear(
            ShortStrings.toShortString("Harbour"),
            ShortStrings.toShortString("HRB"),
            18,
            SUPPLY,
            bytes32(_below(5))
        );
        IERC20(token).approve(venue, SUPPLY);
        dollar.approve(venue, 1e9);
        Listing memory l = Listing(token, address(dollar), 1e9, 1e9, 500, 10, address(this), 0, 0);
        if (_chance(50)) l.token = live ? lot.token : _tokenFor(bytes32(_below(SALTS)));
        (bytes32 id, , , ) = IBearingVenue(venue).list(l);
        if (_chance(50)) ILock(venue).release(id);
    }

    function _giveElsewhere() private {
        uint256 kind = _below(4);
        if (kind == 0) dollar.transfer(venue, _below(1e9));
        else if (kind == 1) dollar.transfer(address(lot.sale), _below(1e9));
        else if (kind == 2) weth.transfer(venue, _below(1e9));
        else {
            (bool passed, ) = (_chance(50) ? venue : address(lot.sale)).call{value: 1}("");
            passed;
        }
    }

    function _callBack() private {
        bytes memory data = abi.encode(address(lot.sale), lot.currency, lot.token);
        (bool passed, ) = venue.call(
            abi.encodeWithSignature("uniswapV3MintCallback(uint256,uint256,bytes)", 1, 1, data)
        );
        if (passed) revert Broken("L5 anybody may call the venue back", 1, 0);
    }

    function _knownSalt() internal override returns (bytes32) {
        return bytes32(_below(SALTS));
    }

    function _secretSalt() internal override returns (bytes32) {
        return bytes32(_roll());
    }

    function _listNested(bytes memory call) internal override {
        nested = call;
        uint256 kind = _below(3);
        if (kind == 0) _side.flash(address(this), 1, 1, "");
        else if (kind == 1) _side.mint(address(this), -887_220, 887_220, 1, "");
        else _swap(_side, _chance(50), 1000, 1 << 96);
    }

    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        _callNested();
        _pay(amount0, amount1);
    }

    function uniswapV3FlashCallback(uint256 fee0, uint256 fee1, bytes calldata) external {
        _callNested();
        _pay(fee0 + 3, fee1 + 3);
    }

    function uniswapV3SwapCallback(int256 amount0, int256 amount1, bytes calldata) external {
        _callNested();
        _pay(amount0 > 0 ? uint256(amount0) : 0, amount1 > 0 ? uint256(amount1) : 0);
    }

    function _callNested() private {
        if (nested.length == 0) return;
        bytes memory call = nested;
        delete nested;
        (bool passed, ) = address(lot.sale).call(call);
        passed;
    }

    function _pay(uint256 amount0, uint256 amount1) private {
        IPool pool = IPool(msg.sender);
        if (amount0 != 0) IERC20(pool.token0()).transfer(msg.sender, amount0);
        if (amount1 != 0) IERC20(pool.token1()).transfer(msg.sender, amount1);
    }

    function _trade() internal override {
        IPool pool = _mainPool();
        bool moneyIs0 = lot.money < lot.token;
        uint256 kind = _below(9);
        if (kind < 3) {
            int256 amount = int256(_between(1, _pick(10, lot.poolMoney, 20 * lot.poolMoney)));
            _swap(pool, moneyIs0, amount, _limit(moneyIs0));
        } else if (kind == 3) {
            int256 amount = int256(_between(1, IERC20(lot.token).balanceOf(address(this))));
            _swap(pool, !moneyIs0, amount, _limit(!moneyIs0));
        } else if (kind < 6) _addLiquidity(_chance(80) ? pool : _anyPool());
        else if (kind == 6) _removeOne();
        else if (kind == 7) pool.flash(address(this), _below(1e6), _below(1e6), "");
        else _prepare();
    }

    function _limit(bool zeroForOne) private pure returns (uint160) {
        return zeroForOne ? Uniswap.MIN_SQRT_PRICE + 1 : Uniswap.MAX_SQRT_PRICE - 1;
    }

    function _sellAll() internal override {
        bool tokenIs0 = lot.token < lot.money;
        _swap(_mainPool(), tokenIs0, int256(IERC20(lot.token).balanceOf(address(this))), _limit(tokenIs0));
    }

    function _leavePools() internal override {
        for (uint256 i; i < _positions.length; i++) {
            (bool left, ) = address(this).call(abi.encodeCall(this.remove, (_positions[i])));
            left;
        }
    }

    function remove(Position calldata p) external onlyMe {
        _remove(p);
    }

    function _checkPool() internal view override {
        (uint160 root, , , , , , ) = _mainPool().slot0();
        _checkPrice(root, lot.token < lot.money);
        _atLeast(
            "L1 money in the pool",
            IERC20(lot.money).balanceOf(address(_mainPool())) + 2,
            lot.poolMoney - lot.poolMoney / 1e6
        );
    }

    function _idOf() internal view override returns (bytes32) {
        return bytes32(uint256(uint160(address(_mainPool()))));
    }

    function _principal() internal view override returns (uint256 liquidity) {
        bytes32 key = keccak256(abi.encodePacked(venue, int24(-887_220), int24(887_220)));
        (liquidity, , , , ) = _mainPool().positions(key);
    }
}
