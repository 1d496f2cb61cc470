import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

export type Leak = { file: string; line: number; what: string };

const HEX_64 = "(?:0x)?[0-9a-fA-F]{64}(?![0-9a-fA-F])";

const RULES: readonly { what: string; pattern: RegExp }[] = [
  { what: "private key block", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  {
    what: "private key in hex",
    pattern: new RegExp(
      `(?:private|secret|signing|signer|deployer|owner|wallet|seed)[\\w.\\s"'\`-]{0,20}(?:key|seed)?["'\`]?\\s*[:=(,]\\s*["'\`]?${HEX_64}`,
      "i",
    ),
  },
  { what: "private key in hex", pattern: new RegExp(`\\bprivateKeyToAccount\\(\\s*["'\`]${HEX_64}`) },
  {
    what: "mnemonic",
    pattern: /(?:mnemonic|seed phrase)["'`]?\s*[:=(]\s*["'`](?:[a-z]+ ){11,23}[a-z]+["'`]/i,
  },
  { what: "AWS access key", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { what: "AWS secret", pattern: /aws_secret_access_key\s*[:=]\s*["']?[A-Za-z0-9/+]{40}/i },
  { what: "GitHub token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})/ },
  { what: "npm token", pattern: /\bnpm_[A-Za-z0-9]{36}\b|_authToken\s*=\s*[^\s$]/ },
  { what: "Slack token", pattern: /\bxox[abprs]-[A-Za-z0-9-]{10,}/ },
  { what: "Stripe key", pattern: /\b[rs]k_live_[A-Za-z0-9]{16,}/ },
  { what: "Google API key", pattern: /\bAIza[0-9A-Za-z_-]{35}\b/ },
  {
    what: "RPC provider's key",
    pattern: /(?:infura\.io\/v3|alchemy\.com\/v2|quiknode\.pro)\/[A-Za-z0-9_-]{20,}/,
  },
  {
    what: "password in a URL",
    pattern:
      /\b(?:postgres(?:ql)?|https?|redis|amqp):\/\/[\w.-]+:(?!password@|\$\{|<)[^\s:/@"'`]{6,}@(?!localhost|127\.0\.0\.1|host\b)[\w.-]+/,
  },
  {
    what: "path of one machine",
    pattern: /(?:^|[\s"'`(=:,])(?:\/(?:home|Users)\/[\w.-]+\/|\/(?:root|work)\/[\w.]|[A-Z]:\\Users\\)/,
  },
  {
    what: "address of a package registry",
    pattern:
      /"resolved":\s*"http|\bregistry\s*=\s*http|https?:\/\/[\w.-]*(?:registry|artifactory|nexus|verdaccio)[\w.-]*\//i,
  },
];

/** Known to everybody and worth nothing: the accounts of Hardhat's and anvil's development mnemonic. */
const PUBLIC_VALUES: readonly RegExp[] = [
  /test test test test test test test test test test test junk/,
  /ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80/i,
  // One byte over and over: visibly made up.
  /(?:0x)?([0-9a-f]{2})\1{31}/i,
  // Half the order of secp256k1, above which a signature's s is malleable.
  /7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0/i,
  // Small numbers as a key.
  /(?:0x)?0{56}[0-9a-f]{8}(?![0-9a-f])/i,
];

/** A line that ends with this is a documented demo value, e.g. `// demo-key: local chain only`. */
const MARKED = /demo-key: \w+/;

/** Looks through every file that git tracks or would add. */
export function scanSecrets(root: string): Leak[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return listed
    .split("\0")
    .filter((file) => file !== "" && existsSync(join(root, file)) && statSync(join(root, file)).isFile())
    .flatMap((file) => leaksIn(file, readFileSync(join(root, file), "utf8")));
}

/** The leaks of one file, by its name and its text. */
export function leaksIn(file: string, text: string): Leak[] {
  if (/(^|\/)\.env(\.|$)/.test(file) && !file.endsWith(".example"))
    return [{ file, line: 1, what: "environment file" }];
  if (text.includes("\0")) return [];

  const leaks: Leak[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (MARKED.test(line) || PUBLIC_VALUES.some((value) => value.test(line))) continue;
    for (const { what, pattern } of RULES) {
      if (pattern.test(line)) leaks.push({ file, line: index + 1, what });
    }
  }
  return leaks;
}
