/** Compiling is silent and the first time takes more than a minute: to stderr, as stdout may be JSON. */
export function sayCompiling(): void {
  process.stderr.write(
    "Compiling contracts where they changed; the first time this takes a minute or two…\n",
  );
}
