// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ShortString, ShortStrings} from "@openzeppelin/contracts/utils/ShortStrings.sol";
import {SlotDerivation} from "@openzeppelin/contracts/utils/SlotDerivation.sol";
import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";

import {LaunchToken} from "../LaunchToken.sol";
import {IWETH9} from "../interfaces/IUniswapV2.sol";
import {IUniswapV3Factory, IUniswapV3Pool} from "../interfaces/IUniswapV3.sol";
import {IBearingVenue, IVenue, Listing} from "../interfaces/IVenue.sol";
import {FullRange} from "../libraries/FullRange.sol";
import {FullRangeVenue} from "./FullRangeVenue.sol";

/// @title Lists on a new Uniswap v3 pool, at exactly the listing price, a token that is born in the same transaction
/// @notice Anybody may open a v3 pool at any price once both addresses are known. So the token's is known only then: it
/// follows from the sale, the token's terms and a salt that the caller of `list` chooses. Who sees that call beforehand can
/// still open the pool at a false price; then this one reverts, nothing has changed, and the next salt is free. Choose the
/// salt at random and send the call through a private relay.
/// @dev For whoever writes terms and calls `list`:
/// - constructor: the chain's v3 factory and WETH9; ETH is listed as WETH.
/// - `feeTier`: one the factory knows (100, 500, 3000, 10000 and what its owner added), with `tickSpacing` the one it
///   gives it (1, 10, 60, 200).
/// - `Sale.listWithSalt(history, salt)`: any salt; `Sale.list(history)` is salt 0, which everybody knows.
/// - `Sale.token()` is zero until listed; then `TokenBorn` names it. Only tokens of the sale's own: none that exists.
/// The position is held at the pool by this contract, without a token that could be moved. Liquidity that a stranger mints to
/// it earns the recipient fees and never leaves.
contract VenueV3 is IBearingVenue, FullRangeVenue {
    using SafeERC20 for IERC20;
    using SlotDerivation for bytes32;
    using TransientSlot for *;

    /// @dev Of `mapping(address caller => address token)`, in transient storage: what was born for whom and is not listed.
    bytes32 private constant BORN = keccak256("slipway.VenueV3.born");

    IUniswapV3Factory public immutable factory;
    address public immutable weth;

    /// @dev The pool that may call back.
    address private transient _minting;

    struct Payment {
        address payer;
        /// As the listing names it: zero is ETH, which is here.
        address currency0;
        address currency1;
    }

    error VenueV3_NotPool(address got, address wanted);

    constructor(IUniswapV3Factory factory_, address weth_) {
        factory = factory_;
        weth = weth_;
    }

    /// @inheritdoc IBearingVenue
    function bear(
        ShortString name,
        ShortString symbol,
        uint8 decimals,
        uint256 supply,
        bytes32 salt
    ) external returns (address token) {
        token = address(
            new LaunchToken{salt: keccak256(abi.encode(msg.sender, salt))}(
                ShortStrings.toString(name),
                ShortStrings.toString(symbol),
                decimals,
                supply
            )
        );
        _setBorn(token);
        IERC20(token).safeTransfer(msg.sender, supply);
    }

    /// @dev A pool calls back whoever called `mint`: `data` is always our own.
    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata data) external {
        if (msg.sender != _minting) revert VenueV3_NotPool(msg.sender, _minting);
        Payment memory payment = abi.decode(data, (Payment));

        _pay(payment.currency0, payment.payer, amount0);
        _pay(payment.currency1, payment.payer, amount1);
    }

    /// @inheritdoc IVenue
    function bearsToken() external pure returns (bool) {
        return true;
    }

    /// @inheritdoc IVenue
    /// @dev Limits of v3: the factory's fee tiers, price in range, liquidity per tick; before birth on either side.
    function previewListing(Listing calldata listing) public view override(IVenue, FullRangeVenue) {
        address born = _bornSlot().tload();
        if (listing.token != born) revert Venue_NotBornHere(listing.token, born);
        int24 spacing = factory.feeAmountTickSpacing(listing.feeTier);
        if (spacing == 0) revert Venue_FeeTier(listing.feeTier, 3000);
        if (listing.tickSpacing != spacing) revert Venue_TickSpacing(listing.tickSpacing, spacing);

        (, uint128 liquidity) = FullRange.plan(listing.tokenAmount, listing.currencyAmount);
        FullRange.requireHeld(liquidity, spacing);
        (, liquidity) = FullRange.plan(listing.currencyAmount, listing.tokenAmount);
        FullRange.requireHeld(liquidity, spacing);
    }

    /// @dev A pool that was created but not initialised holds nothing and has no price: it is as good as none.
    function _open(
        Listing calldata listing
    ) internal override returns (bytes32 id, uint256 usedToken, uint256 usedCurrency) {
        _setBorn(address(0));

        address money = listing.currency == address(0) ? weth : listing.currency;
        address pool = factory.getPool(listing.token, money, listing.feeTier);
        if (pool == address(0)) pool = factory.createPool(listing.token, money, listing.feeTier);
        (uint160 priceBefore, , , , , , ) = IUniswapV3Pool(pool).slot0();
        if (priceBefore != 0) revert Venue_AlreadyLive(pool);

        bool tokenIs0 = listing.token < money;
        (uint160 sqrtPriceX96, uint128 liquidity) = tokenIs0
            ? FullRange.plan(listing.tokenAmount, listing.currencyAmount)
            : FullRange.plan(listing.currencyAmount, listing.tokenAmount);
        id = bytes32(uint256(uint160(pool)));
        _lock(id, listing.recipient, listing.lockedUntil, liquidity);

        IUniswapV3Pool(pool).initialize(sqrtPriceX96);
        (int24 lower, int24 upper) = FullRange.ticks(listing.tickSpacing);
        Payment memory payment =
            tokenIs0
                ? Payment(msg.sender, listing.token, listing.currency)
                : Payment(msg.sender, listing.currency, listing.token);
        _minting = pool;
        (uint256 paid0, uint256 paid1) = IUniswapV3Pool(pool).mint(
            address(this),
            lower,
            upper,
            liquidity,
            abi.encode(payment)
        );
        _minting = address(0);
        (usedToken, usedCurrency) = tokenIs0 ? (paid0, paid1) : (paid1, paid0);
    }

    function _pay(address currency, address payer, uint256 amount) private {
        if (currency == address(0)) {
            IWETH9(weth).deposit{value: amount}();
            IERC20(weth).safeTransfer(msg.sender, amount);
        } else {
            IERC20(currency).safeTransferFrom(payer, msg.sender, amount);
        }
    }

    function _takeOut(
        bytes32 id,
        address recipient,
        uint256 liquidity
    ) internal override returns (uint256 amount0, uint256 amount1) {
        IUniswapV3Pool pool = IUniswapV3Pool(address(uint160(uint256(id))));
        (int24 lower, int24 upper) = FullRange.ticks(pool.tickSpacing());
        pool.burn(lower, upper, uint128(liquidity));
        return pool.collect(recipient, lower, upper, type(uint128).max, type(uint128).max);
    }

    function _setBorn(address token) private {
        _bornSlot().tstore(token);
    }

    function _bornSlot() private view returns (TransientSlot.AddressSlot) {
        return BORN.deriveMapping(msg.sender).asAddress();
    }
}
