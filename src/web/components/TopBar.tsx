import { useLaunch } from "../hooks/LaunchContext.tsx";
import { LanguageChooser } from "./LanguageChooser.tsx";
import { WalletBar } from "./WalletBar.tsx";

/** Above every view: whose page it is, the language, the wallet. */
export function TopBar() {
  const { config } = useLaunch();
  return (
    <header className="top">
      <a className="brand" href="#/">
        <bdi>{config.launch.name}</bdi>
      </a>
      <LanguageChooser />
      <WalletBar />
    </header>
  );
}
