// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IUniswapV2Factory} from "../../../contracts/interfaces/IUniswapV2.sol";
import {Listing, IVenue} from "../../../contracts/interfaces/IVenue.sol";
import {ILock} from "../../../contracts/interfaces/ILock.sol";
import {PlainCurrency} from "../../../contracts/mocks/PlainCurrency.sol";
import {Raid} from "./Raid.sol";
import {IPair, Uniswap} from "./Uniswap.sol";

abstract contract RaidV2 is Raid {
    IUniswapV2Factory internal factory;
    /// @dev A live pair of dollars and WETH, to be called back by.
    IPair private _side;
    bytes32 private _pairHash;

    function _build() internal override {
        factory = IUniswapV2Factory(_create(abi.encodePacked(Uniswap.v2Factory(), abi.encode(address(0)))));
        _pairHash = keccak256(Uniswap.v2Pair());
        venue = _create(
            abi.encodePacked(vm.getCode("contracts/venues/VenueV2.sol:VenueV2"), abi.encode(factory, weth))
        );
        _side = IPair(factory.createPair(address(dollar), address(weth)));
        dollar.transfer(address(_side), 2 ** 60);
        weth.transfer(address(_side), 2 ** 60);
        _side.mint(address(this));

        _addSale(address(dollar), address(0), 90_000e6, true);
        _addSale(address(dollar), address(0), 240_000e6, false);
        _addSale(address(0), address(0), 150_000e6, false);
    }

    function _wraps() internal pure override returns (bool) {
        return true;
    }

    /// @dev Where the sale's pair is or will be.
    function _pair() private view returns (IPair) {
        (address a, address b) = lot.token < lot.money ? (lot.token, lot.money) : (lot.money, lot.token);
        bytes32 salt = keccak256(abi.encodePacked(a, b));
        return IPair(address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", factory, salt, _pairHash))))));
    }

    function _prepare() internal override {
        IPair pair = _pair();
        uint256 kind = _below(14);
        if (kind == 0) factory.createPair(lot.token, lot.money);
        else if (kind == 1) factory.createPair(lot.token, address(new PlainCurrency()));
        else if (kind < 5) IERC20(lot.money).transfer(address(pair), _donation());
        else if (kind < 8) pair.sync();
        else if (kind == 8) pair.skim(_pick0(address(this), venue, address(lot.sale)));
        else if (kind == 9) pair.mint(address(this));
        else if (kind == 10) pair.burn(address(this));
        else if (kind == 11) pair.swap(_below(3), _below(3), address(this), _chance(50) ? bytes("x") : bytes(""));
        else if (kind == 12) _giveElsewhere();
        else _callVenue();
    }

    /// @dev Dust, or up to twice the raise, or much more than anybody would give.
    function _donation() internal returns (uint256) {
        return _pick(1, 2, _between(1, 2 * lot.raised), _between(1, _pick(1000, 2 ** 60)));
    }

    function _giveElsewhere() private {
        uint256 kind = _below(4);
        if (kind == 0) dollar.transfer(venue, _below(1e9));
        else if (kind == 1) dollar.transfer(address(lot.sale), _below(1e9));
        else if (kind == 2) weth.transfer(venue, _below(1e9));
        else {
            (bool passed, ) = _pick0(venue, address(lot.sale), address(weth)).call{value: 1}("");
            passed;
        }
    }

    function _callVenue() private {
        if (_chance(30)) {
            ILock(venue).release(bytes32(uint256(uint160(address(_pick0(address(_pair()), address(_side), venue))))));
        } else {
            Listing memory l = Listing(
                lot.token,
                lot.money,
                1e9,
                1e9,
                feeTier,
                tickSpacing,
                address(this),
                0,
                bytes32(_below(9))
            );
            IVenue(venue).list(l);
        }
    }

    function _listNested(bytes memory call) internal override {
        nested = call;
        // At times within the very pair that is to be listed; it has nothing to lend then.
        IPair pair = _chance(20) ? _pair() : _side;
        pair.swap(1, 1, address(this), "x");
    }

    function uniswapV2Call(address, uint256 amount0, uint256 amount1, bytes calldata) external {
        address target = address(lot.sale);
        (bool passed, ) = target.call(nested);
        passed;
        if (_chance(50) && address(_pair()).code.length != 0) {
            (passed, ) = address(_pair()).call(abi.encodeCall(_side.sync, ()));
        }
        IPair pair = IPair(msg.sender);
        address token0 = pair.token0();
        address token1 =
            msg.sender == address(_side)
                ? (token0 == address(dollar) ? address(weth) : address(dollar))
                : (token0 == lot.money ? lot.token : lot.money);
        IERC20(token0).transfer(msg.sender, amount0 + amount0 / 100 + 1);
        IERC20(token1).transfer(msg.sender, amount1 + amount1 / 100 + 1);
    }

    function _trade() internal override {
        IPair pair = _pair();
        IERC20 token = IERC20(lot.token);
        uint256 kind = _below(8);
        if (kind < 2) _swap(lot.money, _between(1, _pick(10, lot.poolMoney, 20 * lot.poolMoney)));
        else if (kind == 2) _swap(lot.token, _between(0, token.balanceOf(address(this))));
        else if (kind == 3) {
            token.transfer(address(pair), _between(0, token.balanceOf(address(this))));
            IERC20(lot.money).transfer(address(pair), _between(1, lot.poolMoney));
            if (_chance(70)) pair.mint(address(this));
        } else if (kind == 4) {
            pair.transfer(address(pair), _between(0, pair.balanceOf(address(this))));
            pair.burn(address(this));
        } else if (kind == 5) pair.sync();
        else if (kind == 6) pair.skim(address(this));
        else {
            nested = abi.encodeCall(lot.sale.list, (lot.sale.history()));
            pair.swap(1, 1, address(this), "x");
        }
    }

    /// @dev Sells `amount` of `asset`; 0.3 % fee, as UniswapV2Pair checks it.
    function _swap(address asset, uint256 amount) private {
        IPair pair = _pair();
        (uint256 r0, uint256 r1, ) = pair.getReserves();
        bool zeroForOne = pair.token0() == asset;
        (uint256 into, uint256 from) = zeroForOne ? (r0, r1) : (r1, r0);
        uint256 out = (amount * 997 * from) / (into * 1000 + amount * 997);
        IERC20(asset).transfer(address(pair), amount);
        pair.swap(zeroForOne ? 0 : out, zeroForOne ? out : 0, address(this), "");
    }

    function _sellAll() internal override {
        _swap(lot.token, IERC20(lot.token).balanceOf(address(this)));
    }

    function _leavePools() internal override {
        IPair pair = _pair();
        pair.transfer(address(pair), pair.balanceOf(address(this)));
        pair.burn(address(this));
    }

    function _checkPool() internal view override {
        IPair pair = _pair();
        (uint256 r0, uint256 r1, ) = pair.getReserves();
        (uint256 tokens, uint256 money) = lot.token < lot.money ? (r0, r1) : (r1, r0);
        _equal("L1 tokens in the pair", tokens, lot.poolTokens);
        _equal("L1 money in the pair", money, lot.poolMoney);
        _equal("L1 liquidity is the lock's", pair.balanceOf(venue) + 1000, pair.totalSupply());
    }

    function _idOf() internal view override returns (bytes32) {
        return bytes32(uint256(uint160(address(_pair()))));
    }

    function _principal() internal view override returns (uint256) {
        return _pair().balanceOf(venue);
    }

    function _knownSalt() internal override returns (bytes32) {
        return bytes32(_roll());
    }

    function _secretSalt() internal pure override returns (bytes32) {
        return 0;
    }

    function _pick0(address a, address b, address c) private returns (address) {
        return address(uint160(_pick(uint160(a), uint160(b), uint160(c))));
    }
}
