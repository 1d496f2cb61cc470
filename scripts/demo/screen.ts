const spinnerFrames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

const CLEAR = "\r\u001b[K";

/** What the demo prints: a spinner on a terminal, plain lines elsewhere; silent but for errors with `quiet`. */
export type Screen = {
  /** A heading or any other line. */
  line: (text?: string) => void;
  /** Runs `work` under a spinner, beside others or alone; prints `✓ name  detail  seconds` with what `detail` made of its result. */
  step: <T>(name: string, work: () => Promise<T>, detail?: (result: T) => string) => Promise<T>;
  /** Nothing is printed any more. */
  close: () => void;
};

export function createScreen({ quiet }: { quiet: boolean }): Screen {
  const terminal = process.stdout.isTTY && !quiet;
  const underWay = new Set<string>();
  let open = !quiet;
  let frame = 0;
  let spinner: NodeJS.Timeout | undefined;

  function line(text = ""): void {
    if (open) process.stdout.write(`${terminal ? CLEAR : ""}${text}\n`);
  }

  function spin(): void {
    if (!terminal || spinner !== undefined) return;
    spinner = setInterval(() => {
      const names = [...underWay].join(", ");
      if (open)
        process.stdout.write(`${CLEAR}${spinnerFrames[frame++ % spinnerFrames.length] ?? ""} ${names} …`);
    }, 80);
  }

  function rest(): void {
    if (underWay.size > 0) return;
    clearInterval(spinner);
    spinner = undefined;
    if (terminal && open) process.stdout.write(CLEAR);
  }

  return {
    line,
    step: async (name, work, detail = () => "") => {
      const startedAt = performance.now();
      underWay.add(name);
      spin();
      try {
        const result = await work();
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
        line(`✓ ${name.padEnd(9)} ${detail(result).padEnd(56)} ${seconds.padStart(4)} s`);
        return result;
      } catch (error) {
        line(`✗ ${name}`);
        throw error;
      } finally {
        underWay.delete(name);
        rest();
      }
    },
    close: () => {
      open = false;
    },
  };
}
