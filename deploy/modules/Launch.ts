import launch from "../../launch.config.ts";
import { launchModule } from "./launchModule.ts";

/** `launch.config.ts`, deployed: npx hardhat ignition deploy deploy/modules/Launch.ts */
export default launchModule(launch);
