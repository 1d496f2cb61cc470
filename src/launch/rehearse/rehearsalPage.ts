import type { Rehearsal, Scene } from "./Rehearsal.ts";

/** The rehearsal for people, as Markdown. */
export function rehearsalPage({ ok, sale, termsHash, policyHash, people, notes, scenes }: Rehearsal): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const time = (at: bigint): string =>
    new Date(Number(at) * 1000).toISOString().slice(0, 19).replace("T", " ");
  const ledger = (title: string, rows: readonly { holder: string; amount: bigint }[]): string =>
    `${title}: ${rows.map(({ holder, amount }) => `${holder} ${String(amount)}`).join("; ") || "nothing"}.`;

  const sections = scenes.map((scene: Scene) => {
    const { name, about, skipped, seen, ended, books } = scene;
    const head = `## ${scene.ok ? "✓" : "✗"} ${name}\n\n${about}`;
    if (skipped !== undefined) return `${head}\n\nNot played: ${skipped}.`;
    const rows = seen.map(
      ({ at, who, did, saw, expected }) =>
        `| ${time(at)} | ${cell(who)} | ${cell(did)} | ${expected ? "" : "**not expected** "}${cell(saw)} |`,
    );
    const failing = books?.failing.map(
      ({ name: check, got, wanted }) => `- ${check}: got ${got}, wanted ${wanted}`,
    );
    return [
      head,
      `| chain time (UTC) | who | did | saw |\n| --- | --- | --- | --- |\n${rows.join("\n")}`,
      `It ended ${ended ?? ""}. The books ${books?.ok === true ? "close" : "do not close"}, in base units:`,
      `${ledger("Currency", books?.currency ?? [])}\n${ledger("Tokens", books?.tokens ?? [])}`,
      ...(failing === undefined || failing.length === 0 ? [] : [failing.join("\n")]),
    ].join("\n\n");
  });
  return [
    `# Rehearsal of ${sale}: ${ok ? "as it should be" : "not as it should be"}`,
    `Terms ${termsHash}, policy ${policyHash}. With as much as the policy lets one person pay, it takes ${String(people.softCap)} people to reach the soft cap and ${String(people.hardCap)} to reach the hard cap.`,
    ...notes,
    ...sections,
    "",
  ].join("\n\n");
}
