import { fileURLToPath } from "node:url";
import { createBabelExtractor } from "@lingui/cli/api/extractors/babel";
import { defineConfig } from "@lingui/conf";
import { formatter } from "@lingui/format-po";
import { errorExtractor } from "./text/errorExtractor.ts";

/** `npx lingui extract --config src/web/lingui.config.ts` brings the catalogues up to date with the page's texts. */
export default defineConfig({
  rootDir: fileURLToPath(new URL("../..", import.meta.url)),
  sourceLocale: "en",
  locales: ["en", "es", "zh", "ar"],
  catalogs: [
    {
      path: "<rootDir>/src/web/locales/{locale}/page",
      include: ["<rootDir>/src/web/**/*.tsx"],
      exclude: ["operator", "walletConnect"].map((name) => `<rootDir>/src/web/${name}/**`),
    },
    // Apart, as few ever see them.
    {
      path: "<rootDir>/src/web/locales/{locale}/operator",
      include: ["<rootDir>/src/web/operator/**/*.tsx"],
    },
    // Apart, as most pages are built without it.
    {
      path: "<rootDir>/src/web/locales/{locale}/walletConnect",
      include: ["<rootDir>/src/web/walletConnect/**/*.tsx"],
    },
    // Apart, as in English an error brings its words itself.
    {
      path: "<rootDir>/src/web/locales/{locale}/errors",
      include: [
        ...["contractErrors", "signerErrors"].map((name) => `<rootDir>/src/sdk/${name}.ts`),
        "<rootDir>/src/web/errors/pageErrors.ts",
      ],
    },
  ],
  extractors: [errorExtractor, createBabelExtractor()],
  format: formatter({ lineNumbers: false, origins: false }),
});
