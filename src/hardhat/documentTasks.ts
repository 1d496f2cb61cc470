import { task } from "hardhat/config";
import type { TaskDefinition } from "hardhat/types/tasks";
import type * as Documents from "./tasks/documents.ts";

/** Commands that sign what the indexer serves and the page shows; docs/documents.md has drafts. */
export const documents: TaskDefinition[] = [
  signing("update", "Issuer: signs news, chained to the news before"),
  signing("profile", "Issuer: signs what the project says of itself: text, team, links, white paper"),
  signing("review", "Reviewer: signs what was found on exactly these terms and this white paper"),
  signing("criteria", "Platform: signs by what it takes launches, and whose reviews it shows"),
];

function signing(kind: keyof typeof Documents, description: string): TaskDefinition {
  const command = task(["launch", kind], description)
    .addPositionalArgument({ name: "draft", description: "JSON file with texts in one or more languages" })
    .addOption({
      name: "folder",
      description: "Where signed documents are, and this one is written: the indexer's DOCUMENTS_DIR",
      defaultValue: "documents",
    })
    .addOption({
      name: "from",
      description: "Who signs: one of the network's accounts; default: the first",
      defaultValue: "",
    })
    .addOption({
      name: "signature",
      description: "Signature of --from that a wallet or multisig made of what --dry-run printed",
      defaultValue: "",
    })
    .addOption({
      name: "issuedAt",
      description: "Seconds since 1970; default: the chain's time. With --signature: as --dry-run printed it",
      defaultValue: "",
    })
    .addFlag({
      name: "dryRun",
      description: "Say what would be signed, for a wallet to sign, and write nothing",
    })
    .addFlag({ name: "json", description: "One JSON object on the last line instead of words" });
  const whole =
    kind === "criteria"
      ? command
      : command.addOption({
          name: "record",
          description: "The launch's record; default: where the deployment left it",
          defaultValue: "",
        });
  return whole
    .setAction(async () => ({ default: (await import("./tasks/documents.ts"))[kind] as never }))
    .build();
}
