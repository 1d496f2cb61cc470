import { readFileSync, statSync, type Stats } from "node:fs";
import { SecretFailure, type SecretSource } from "./SecretSource.ts";

/** Nothing for others, no writing for the group; a mounted secret is read through its group. */
const TOO_OPEN = 0o027;

/** A file, as Kubernetes, Docker and CI mount secrets; a new one in its place is seen at the next look. */
export function fileSecret(path: string): SecretSource {
  const stat = (): Stats => attempt(path, () => statSync(path));
  const stampOf = ({ mtimeMs, size, ino }: Stats): string => [mtimeMs, size, ino].join(" ");
  return {
    read: async () => {
      const stats = stat();
      // Windows has no such bits.
      if (process.platform !== "win32" && (stats.mode & TOO_OPEN) !== 0) {
        const mode = (stats.mode & 0o777).toString(8);
        throw new SecretFailure("unsafe", `${path} has mode 0${mode}, wanted 0600 or 0640`);
      }
      let text: string;
      try {
        text = new TextDecoder("utf-8", { fatal: true }).decode(attempt(path, () => readFileSync(path)));
      } catch (error) {
        if (error instanceof SecretFailure) throw error;
        throw new SecretFailure("malformed", `${path} is not UTF-8`);
      }
      return { text, createdAt: stats.mtime };
    },
    stamp: () => stampOf(stat()),
  };
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unreadable";
    const kind = code === "EACCES" || code === "EPERM" ? "denied" : "missing";
    throw new SecretFailure(kind, `${path}: ${code}`, { cause });
  }
}
