const spinnerFrames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** What the demo prints: a spinner on a terminal, plain lines elsewhere; silent but for errors with `quiet`. */
export type Screen = {
  /** A heading or any other line. */
  line: (text?: string) => void;
  /** Runs `work` under a spinner; prints `✓ name  detail  seconds` with what `detail` made of its result. */
  step: <T>(name: string, work: () => Promise<T>, detail?: (result: T) => string) => Promise<T>;
  /** Nothing is printed any more. */
  close: () => void;
};

export function createScreen({ quiet }: { quiet: boolean }): Screen {
  const terminal = process.stdout.isTTY && !quiet;
  let open = !quiet;

  function line(text = ""): void {
    if (open) process.stdout.write(`${text}\n`);
  }

  return {
    line,
    step: async (name, work, detail = () => "") => {
      const startedAt = performance.now();
      const spin = terminal ? spin_(name, () => open) : undefined;
      try {
        const result = await work();
        spin?.();
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
        line(`✓ ${name.padEnd(9)} ${detail(result).padEnd(56)} ${seconds.padStart(4)} s`);
        return result;
      } catch (error) {
        spin?.();
        line(`✗ ${name}`);
        throw error;
      }
    },
    close: () => {
      open = false;
    },
  };
}

/** Starts a spinner, returns what stops it. */
function spin_(name: string, isOpen: () => boolean): () => void {
  let frame = 0;
  const timer = setInterval(() => {
    if (!isOpen()) return;
    process.stdout.write(`\r${spinnerFrames[frame++ % spinnerFrames.length] ?? ""} ${name} …`);
  }, 80);
  return () => {
    clearInterval(timer);
    if (isOpen()) process.stdout.write("\r\u001b[K");
  };
}
