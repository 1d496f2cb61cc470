import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { useRef, useState } from "react";
import { stringify } from "../../sdk/json.ts";
import type { SaleState } from "../chain/readSale.ts";
import type { CreatedTerms } from "../chain/readTerms.ts";
import { descriptorsOf } from "../clearSigning/descriptorsOf.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { saveFile } from "../share/saveFile.ts";
import { SHARE_SIZE, shareSvgOf } from "../share/shareSvgOf.ts";
import { formatAmount } from "../text/formatAmount.ts";
import { formatTime } from "../text/formatTime.ts";
import { locales } from "../text/locales.ts";
import { phaseWords } from "./phaseWords.tsx";

/** What is here as files, and as a picture to show elsewhere. */
export function DataCard({ state, created: { terms, hash } }: { state: SaleState; created: CreatedTerms }) {
  const { config } = useLaunch();
  const { chainId, sale, launch, indexerUrl } = config;
  const picture = useRef<HTMLImageElement>(null);
  const [copied, setCopied] = useState(false);
  const served = `${indexerUrl.replace(/\/+$/, "")}/v1/sales/${sale}`;
  const money = (value: bigint) => `${formatAmount(value, launch.currencyDecimals)} ${launch.currencySymbol}`;
  const exported = [
    ["entries", t`History`],
    ["positions", t`Positions`],
    ["log", t`Other events`],
  ] as const;

  const raised = money(state.raised);
  const { name, symbol } = terms.token;
  const svg = shareSvgOf({
    ...{ name, symbol, phase: phaseWords(state.phase), raised: t`${raised} raised` },
    caps: t`Goal ${money(terms.sale.softCap)}, limit ${money(terms.sale.hardCap)}`,
    filled: Number((state.raised * 10_000n) / terms.sale.hardCap) / 10_000,
    source: `${window.location.host} · ${formatTime(state.time)}`,
    dir: locales[i18n.locale]?.dir ?? "ltr",
  });
  const save = (file: string, value: unknown): void => {
    saveFile({ name: file, type: "application/json", content: stringify(value, 2) });
  };

  return (
    <section className="card watch" aria-labelledby="data-title" data-testid="data">
      <h2 id="data-title">{t`To save or share`}</h2>
      <ul className="files">
        {exported.map(([what, words]) => (
          <li key={what}>
            {words}{" "}
            {(["csv", "json"] as const).map((kind) => (
              <a key={kind} href={`${served}/${what}.${kind}`} aria-label={`${words}, ${kind.toUpperCase()}`}>
                {kind.toUpperCase()}
              </a>
            ))}
          </li>
        ))}
      </ul>
      <div className="actions">
        <button
          type="button"
          onClick={() => {
            save("terms.json", { chainId, sale, termsHash: hash, terms });
          }}
        >
          {t`Terms`}
        </button>
        <button
          type="button"
          onClick={() => {
            const descriptors = descriptorsOf({ chainId, sale, currency: terms.sale.currency, owner: name });
            save("calldata-slipway-sale.json", descriptors.calls);
            save("eip712-slipway-voucher.json", descriptors.voucher);
          }}
        >
          {t`What wallets show (ERC-7730)`}
        </button>
      </div>
      <h3>{t`Picture to share`}</h3>
      <img
        ref={picture}
        className="share"
        src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
        alt={t`${name}: ${raised} raised`}
        {...SHARE_SIZE}
      />
      <div className="actions">
        <button
          type="button"
          onClick={() => {
            if (picture.current !== null) savePicture(picture.current);
          }}
        >
          {t`Save the picture`}
        </button>
        <button
          type="button"
          onClick={() => {
            void navigator.clipboard.writeText(window.location.href.split("#")[0] ?? "").then(() => {
              setCopied(true);
            });
          }}
        >
          {copied ? t`Copied` : t`Copy the page’s address`}
        </button>
      </div>
    </section>
  );
}

/** As PNG, which is what others take. */
function savePicture(image: HTMLImageElement): void {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, SHARE_SIZE);
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  canvas.toBlob((blob) => {
    if (blob !== null) saveFile({ name: "launch.png", type: "image/png", content: blob });
  }, "image/png");
}
