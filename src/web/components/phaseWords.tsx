import { t } from "@lingui/core/macro";
import type { Phase } from "../../sdk/phase.ts";

export const phaseWords = (phase: Phase): string =>
  ({
    unfunded: t`Not funded yet`,
    pending: t`Opens soon`,
    open: t`Open`,
    closed: t`Closed`,
    succeeded: t`Succeeded`,
    listed: t`Listed`,
    failed: t`Failed`,
  })[phase];
