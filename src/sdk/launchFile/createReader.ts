import type { Problem } from "../problem.ts";
import type { Parsed } from "./parseValues.ts";

/** Reads an unknown object field by field and remembers every problem on the way. */
export type Reader = {
  problems: Problem[];
  /** The field, parsed; `fallback` where it is wrong. A field that is left out takes `otherwise` where there is one. */
  read: <T>(field: string, parse: (value: unknown) => Parsed<T>, fallback: T, otherwise?: T) => T;
  /** The members of the list at `field`, by their path. */
  list: (field: string, otherwise?: readonly unknown[]) => string[];
  has: (field: string) => boolean;
  /** Remembers what no `read`, `list` or `has` has asked for: most often a field misspelt. */
  finish: () => void;
};

export function createReader(root: unknown): Reader {
  const problems: Problem[] = [];
  const known = new Set<string>();

  function valueAt(path: string): unknown {
    return path.split(".").reduce<unknown>((value, key) => {
      return typeof value === "object" && value !== null
        ? (value as Record<string, unknown>)[key]
        : undefined;
    }, root);
  }

  function know(path: string): void {
    const keys = path.split(".");
    keys.forEach((_, i) => known.add(keys.slice(0, i + 1).join(".")));
  }

  return {
    problems,
    read: (field, parse, fallback, otherwise) => {
      know(field);
      const got = valueAt(field);
      if (got === undefined && otherwise !== undefined) return otherwise;
      const parsed = parse(got);
      if ("value" in parsed) return parsed.value;
      problems.push({ field, got: show(got), ...parsed });
      return fallback;
    },
    list: (field, otherwise) => {
      know(field);
      const got = valueAt(field) ?? otherwise;
      if (Array.isArray(got)) return got.map((_, i) => `${field}.${String(i)}`);
      problems.push({
        field,
        got: show(got),
        code: "list-invalid",
        wanted: "a list",
        wayOut: "Write it in [ ].",
      });
      return [];
    },
    has: (field) => {
      know(field);
      return valueAt(field) !== undefined;
    },
    finish: () => {
      for (const path of pathsOf(root)) {
        const parent = path.split(".").slice(0, -1).join(".");
        if (known.has(path) || (parent !== "" && !known.has(parent))) continue;
        problems.push({
          ...{ field: path, got: show(valueAt(path)), code: "field-unknown", wanted: "no such field" },
          wayOut: "Correct its name, or take it out.",
        });
      }
    },
  };
}

function pathsOf(value: unknown, prefix = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = `${prefix}${key}`;
    return [path, ...pathsOf(inner, `${path}.`)];
  });
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}
