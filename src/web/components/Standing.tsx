import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Position } from "../chain/readPosition.ts";
import type { SaleState } from "../chain/readSale.ts";
import type { Terms } from "../../sdk/terms.ts";
import { useLaunch } from "../hooks/LaunchContext.tsx";
import { standingOf } from "../position/standingOf.ts";
import { formatTime } from "../text/formatTime.ts";
import { Amount } from "./Amount.tsx";

/** In a sentence or two: where this buyer's money is, and what they can do about it. */
export function Standing({
  state,
  position,
  terms,
}: {
  state: SaleState;
  position: Position;
  terms: Terms;
}): ReactNode {
  const { currencyDecimals: decimals, currencySymbol: symbol } = useLaunch().config.launch;
  const money = <Amount value={position.paid} decimals={decimals} symbol={symbol} />;
  const standing = standingOf({ state, position, terms });
  const backIfUnlisted = (deadline: bigint) =>
    t`If the token is not listed by ${formatTime(deadline)}, you can take all of it back.`;

  switch (standing.is) {
    case "nothing":
      return t`None of your money is in this sale.`;
    case "withdrawable":
      return (
        <Trans>
          Your {money} is in the sale contract. Until {formatTime(standing.until)} you can take all of it
          back.
        </Trans>
      );
    case "held":
      return (
        <Trans>
          Your {money} is in the sale contract, and cannot be withdrawn now. It stays in, unless the sale
          fails: then you can take all of it back.
        </Trans>
      );
    case "awaits-finalising":
      return (
        <>
          <Trans>
            Your {money} is in the sale contract. The sale reached its goal; once somebody has finalised it,
            listing comes next.
          </Trans>{" "}
          {backIfUnlisted(standing.deadline)}
        </>
      );
    case "awaits-listing":
      return (
        <>
          <Trans>
            Your {money} is in the sale contract until the token is listed, which is possible from{" "}
            {formatTime(standing.opens)} on. Then your tokens can be claimed.
          </Trans>{" "}
          {backIfUnlisted(standing.deadline)}
        </>
      );
    case "refundable":
      return (
        <Trans>
          The sale failed. Your {money} waits in the sale contract, for you alone and without an end date:
          take it back whenever you like.
        </Trans>
      );
    case "spent":
      return (
        <>
          <Trans>Your {money} has paid for your tokens.</Trans>{" "}
          {standing.claimedAll
            ? t`You have claimed all of them: they are in your wallet.`
            : state.time < standing.vestedAt
              ? t`They become yours to claim bit by bit; the last ones on ${formatTime(standing.vestedAt)}. What you do not claim stays yours, without an end date.`
              : t`All of them can be claimed, without an end date.`}
        </>
      );
  }
}
