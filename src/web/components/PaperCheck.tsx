import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { Terms } from "../../sdk/terms.ts";
import { explainError } from "../errors/explainError.ts";
import { checkPaper, ownPaperUrl } from "../paper/checkPaper.ts";
import { Notice } from "./Notice.tsx";

/**
 * The white paper against its hash in the terms. One that lies beside the page is fetched and checked by itself; any other
 * is checked from the reader's disk, as this page asks nobody else for anything. The file stays in the browser.
 */
export function PaperCheck({ document: { uri, hash } }: { document: Terms["document"] }) {
  const id = useId();
  const own = ownPaperUrl(uri, window.location.href);
  const served = useQuery({
    queryKey: ["paper", own],
    queryFn: async () => {
      const response = await fetch(own ?? "");
      return response.ok ? checkPaper(new Uint8Array(await response.arrayBuffer()), hash) : null;
    },
    enabled: own !== undefined,
    staleTime: Infinity,
    retry: false,
  });
  const chosen = useMutation({
    mutationFn: async (file: File) => checkPaper(new Uint8Array(await file.arrayBuffer()), hash),
  });
  const result = chosen.data ?? served.data ?? undefined;
  const isLink = /^https?:\/\//.test(uri);

  return (
    <div className="paper" data-testid="paper">
      <p>
        {isLink ? (
          <a href={uri} target="_blank" rel="noopener noreferrer nofollow">
            <bdi>{uri}</bdi>
          </a>
        ) : (
          <bdi>{uri}</bdi>
        )}
      </p>
      {result !== undefined && (
        <p className={result.isSame ? "good" : "bad"} role="status" data-testid="paper-result">
          {result.isSame
            ? `✓ ${t`This is the document of the terms, unchanged.`}`
            : `✗ ${t`This is not the document of the terms: another one, or changed.`}`}
        </p>
      )}
      <label htmlFor={id}>
        <Trans>Check a copy that you have: the file stays in this browser</Trans>
      </label>
      <input
        id={id}
        type="file"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file !== undefined) chosen.mutate(file);
        }}
      />
      {chosen.error !== null && <Notice error={explainError(chosen.error)} />}
    </div>
  );
}
