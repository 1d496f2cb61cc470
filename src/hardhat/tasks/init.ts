import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { launchError } from "../../launch/launchErrors.ts";
import { launchFile } from "../../launch/projectFiles.ts";
import { runTask } from "./runTask.ts";

/** `launch init`: a launch file to begin with. Throws `file-exists` rather than writing over one. */
const init: NewTaskActionFunction<{ file: string; json: boolean }> = ({ file, json }) =>
  runTask({
    json,
    work: async () => {
      const path = resolve(file);
      if (existsSync(path)) throw launchError("file-exists", path);
      await writeFile(path, launchFile());
      return { file: path };
    },
    words: ({ file: path }) => `Written: ${path}\nNext: edit it, then npx hardhat launch plan`,
  });

export default init;
