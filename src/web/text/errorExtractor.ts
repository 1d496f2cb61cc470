import { pathToFileURL } from "node:url";

type Extractor = {
  match: (file: string) => boolean;
  extract: (
    file: string,
    code: string,
    found: (message: { id: string; message: string; origin: [string, number] }) => void,
  ) => Promise<void>;
};

/** For Lingui: the words of the error catalogues, by which `errorText` looks for their translation. */
export const errorExtractor: Extractor = {
  match: (file) => /Errors\.ts$/.test(file),
  extract: async (file, _code, found) => {
    const exported = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    for (const catalogue of Object.values(exported).filter(isCatalogue)) {
      for (const text of Object.values(catalogue).flatMap(({ title, wayOut }) => [title, wayOut])) {
        found({ id: text, message: text, origin: [file, 1] });
      }
    }
  },
};

function isCatalogue(value: unknown): value is Record<string, { title: string; wayOut: string }> {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every(
      (entry) => typeof (entry as { title?: unknown; wayOut?: unknown } | null)?.title === "string",
    )
  );
}
