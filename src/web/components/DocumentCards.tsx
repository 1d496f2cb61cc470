import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { contractCallOf, createSignatureCheck } from "../../sdk/documents/checkSignature.ts";
import { documentHashOf, textIn } from "../../sdk/documents/Document.ts";
import { createIndexerClient } from "../../sdk/indexerClient.ts";
import type { CreatedTerms } from "../chain/readTerms.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { readDocuments } from "../watch/readDocuments.ts";
import { SignedBy } from "./SignedBy.tsx";
import { Words } from "./Words.tsx";

const ASK_MS = 60_000;

/**
 * What issuer, reviewers and platform have signed. The indexer checked each document before it served it; here each is
 * checked once more, and what does not pass is not shown. All of it is foreign text.
 */
export function DocumentCards({ created: { terms, hash } }: { created: CreatedTerms }) {
  const { config, client } = useLaunch();
  const isSigned = useMemo(() => createSignatureCheck(contractCallOf(client)), [client]);
  const { data } = useQuery({
    queryKey: ["documents", config.sale],
    queryFn: () =>
      readDocuments({
        ...{ indexer: createIndexerClient({ url: config.indexerUrl }), isSigned },
        subject: { ...config, termsHash: hash, terms },
      }),
    refetchInterval: ASK_MS,
  });
  // That the indexer does not answer is said once, by the page.
  if (data === undefined) return null;

  const { profile, updates, reviews, criteria, hidden } = data;
  const feed = `${config.indexerUrl.replace(/\/+$/, "")}/v1/sales/${config.sale}/updates.rss?language=${i18n.locale}`;
  return (
    <div className="stack documents" data-testid="documents">
      {profile !== null && (
        <section className="card" aria-labelledby="profile-title" data-testid="profile">
          <h2 id="profile-title">{t`What the issuer says`}</h2>
          <Words texts={profile.message.texts} />
          {profile.message.team.length > 0 && (
            <>
              <h3>{t`Team`}</h3>
              <ul>
                {profile.message.team.map(({ name, role }, index) => (
                  <li key={index}>
                    <bdi>{name}</bdi> <bdi className="quiet">{role}</bdi>
                  </li>
                ))}
              </ul>
            </>
          )}
          {profile.message.links.length > 0 && (
            <ul>
              {profile.message.links.map(({ label, uri }, index) => (
                <li key={index}>
                  {/* Where it leads is shown: a label is whatever the issuer wrote. */}
                  <a href={uri} target="_blank" rel="noopener noreferrer nofollow">
                    <bdi>{label}</bdi> <bdi className="quiet">{new URL(uri).host}</bdi>
                  </a>
                </li>
              ))}
            </ul>
          )}
          <SignedBy document={profile} terms={terms} />
        </section>
      )}
      {updates.length > 0 && (
        <section className="card" aria-labelledby="updates-title" data-testid="updates">
          <div className="row">
            <h2 id="updates-title">{t`News from the issuer`}</h2>
            <a href={feed}>{t`Feed (RSS)`}</a>
          </div>
          {updates.toReversed().map((update, index) => (
            <details key={documentHashOf(update)} open={index === 0}>
              <summary>
                <bdi>{textIn(update.message.texts, i18n.locale)?.title}</bdi>
              </summary>
              <Words texts={update.message.texts} isTitled />
              <SignedBy document={update} terms={terms} />
            </details>
          ))}
        </section>
      )}
      {reviews.length > 0 && (
        <section className="card" aria-labelledby="reviews-title" data-testid="reviews">
          <h2 id="reviews-title">{t`What reviewers found`}</h2>
          <p className="quiet">{t`Each is about exactly these terms and this white paper, by a reviewer whom the platform names.`}</p>
          {reviews.map((review) => (
            <article key={documentHashOf(review)}>
              <Words texts={review.message.texts} />
              <SignedBy document={review} terms={terms} />
            </article>
          ))}
        </section>
      )}
      {criteria !== null && (
        <section className="card" aria-labelledby="criteria-title" data-testid="criteria">
          <h2 id="criteria-title">{t`What this platform asks of a launch`}</h2>
          <Words texts={criteria.message.texts} />
          <SignedBy document={criteria} terms={terms} />
        </section>
      )}
      {hidden > 0 && (
        <p className="quiet" data-testid="documents-hidden">
          {t`The indexer has documents whose signature does not fit. They are not shown: ${hidden}`}
        </p>
      )}
    </div>
  );
}
