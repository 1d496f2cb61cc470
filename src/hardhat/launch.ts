// What `@slipway/hardhat/launch` exports: everything that a launch file needs.
export { defineLaunch } from "../sdk/launchFile/defineLaunch.ts";
export { ico, ido, ieo } from "../sdk/launchFile/presets.ts";
