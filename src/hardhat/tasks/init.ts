import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { launchError } from "../../launch/launchErrors.ts";
import { launchFiles, presets } from "../../launch/projectFiles.ts";
import { runTask } from "./runTask.ts";

/** `launch init`: a launch file to begin with. Throws `file-exists` rather than writing over one, or `usage`. */
const init: NewTaskActionFunction<{ file: string; preset: string; json: boolean }> = (
  { file, preset, json },
  _,
) =>
  runTask({
    json,
    work: async () => {
      const path = resolve(file);
      const known = presets.find((one) => one === preset);
      if (known === undefined && preset !== "") {
        throw launchError("usage", `--preset ${preset}: one of ${presets.join(", ")}`);
      }
      const { "launch.config.ts": launch = "", ...others } = launchFiles(known);
      const files = [
        [path, launch] as const,
        ...Object.entries(others).map(([name, text]) => [join(dirname(path), name), text] as const),
      ];
      // A file that says the same already, such as the paper of an earlier one, is left as it is.
      const taken = files.find(([each, text]) => existsSync(each) && readFileSync(each, "utf8") !== text);
      if (taken !== undefined) throw launchError("file-exists", taken[0]);
      for (const [each, text] of files) await writeFile(each, text);
      return { file: path };
    },
    words: ({ file: path }) => `Written: ${path}\nNext: edit it, then npx hardhat launch plan`,
  });

export default init;
