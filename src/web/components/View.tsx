import { t } from "@lingui/core/macro";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useRoute } from "../hooks/useRoute.ts";
import { loadOperatorTexts } from "../text/locales.ts";
import { Page } from "./Page.tsx";

const LaunchesView = lazy(async () => ({ default: (await import("./LaunchesView.tsx")).LaunchesView }));

const OperatorView = lazy(async () => {
  const [{ OperatorView: view }] = await Promise.all([
    import("../operator/OperatorView.tsx"),
    loadOperatorTexts(),
  ]);
  return { default: view };
});

/** The view that the address asks for; the sale's comes first, all others are loaded when they are asked for. */
export function View() {
  const { view } = useRoute();
  const before = useRef(view);
  useEffect(() => {
    // Of the others the headings take the focus as they come.
    if (view === "sale" && before.current !== view) document.querySelector("h1")?.focus();
    before.current = view;
  }, [view]);
  if (view === "sale" || view === "order") return <Page />;
  return (
    <Suspense
      fallback={
        <main className="page" aria-busy="true">
          <p className="quiet">{t`Loading…`}</p>
        </main>
      }
    >
      {view === "launches" ? <LaunchesView /> : <OperatorView />}
    </Suspense>
  );
}
