import { SlipwayError, type Problem } from "../../sdk/problem.ts";

/** What stops the page's server from starting. */
export const serverErrors = {
  "config-invalid": { title: "The page's server cannot start", wayOut: "Correct the settings named." },
  "page-not-built": {
    title: "The page is not built",
    wayOut: "Run `node --import tsx src/web/build.ts`, or set WEB_ROOT to the folder with its index.html.",
  },
  "port-busy": { title: "The port is taken", wayOut: "Stop what listens there, or set PORT to a free one." },
} as const;

export function serverError(
  code: keyof typeof serverErrors,
  detail: string,
  { problems = [], cause }: { problems?: readonly Problem[]; cause?: unknown } = {},
): SlipwayError {
  const { title, wayOut } = serverErrors[code];
  return new SlipwayError({
    code,
    message: detail === "" ? title : `${title}: ${detail}`,
    wayOut,
    problems,
    cause,
  });
}
