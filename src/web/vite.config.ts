import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The page as static files, with relative addresses, so that it can be served from any path. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  plugins: [
    lingui({
      configPath: fileURLToPath(new URL("lingui.config.ts", import.meta.url)),
      ...{ macroTransform: true, failOnMissing: true, failOnCompileError: true },
    }),
    react(),
  ],
  publicDir: false,
  build: {
    outDir: fileURLToPath(new URL("../../dist/web", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    // Nothing inlined: the content security policy allows files of ours only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the first sight needs is one file: in twenty pieces it weighs 8 % more.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "initial", tags: ["$initial"] }] } } },
    chunkSizeWarningLimit: 700,
  },
  logLevel: "warn",
});
