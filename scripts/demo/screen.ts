const spinnerFrames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** What the demo prints: a spinner on a terminal, plain lines elsewhere; silent but for errors with `quiet`. */
export type Screen = {
  /** A heading or any other line. */
  line: (text?: string) => void;
  /** Runs `work` under a spinner; prints `✓ name  detail  seconds` with what `detail` made of its result. */
  step: <T>(name: string, work: () => Promise<T>, detail?: (result: T) => string) => Promise<T>;
};

export function createScreen({ quiet }: { quiet: boolean }): Screen {
  const terminal = process.stdout.isTTY && !quiet;

  function line(text = ""): void {
    if (!quiet) process.stdout.write(`${text}\n`);
  }

  return {
    line,
    step: async (name, work, detail = () => "") => {
      const startedAt = performance.now();
      const spin = terminal ? spin_(name) : undefined;
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
  };
}

/** Starts a spinner, returns what stops it. */
function spin_(name: string): () => void {
  let frame = 0;
  const timer = setInterval(() => {
    process.stdout.write(`\r${spinnerFrames[frame++ % spinnerFrames.length] ?? ""} ${name} …`);
  }, 80);
  return () => {
    clearInterval(timer);
    process.stdout.write("\r\u001b[K");
  };
}
