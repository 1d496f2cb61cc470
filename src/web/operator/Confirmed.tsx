import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState, type ReactNode } from "react";
import { Modal } from "../components/Modal.tsx";
import { Notice } from "../components/Notice.tsx";
import { explainError } from "../errors/explainError.ts";

/** Everything under this key is asked again once an action is done. */
export const OPERATOR = "operator";

/** A button whose action says what it will do, and asks, before it does it. */
export function Confirmed({
  label,
  title,
  what,
  isDisabled = false,
  act,
}: {
  label: string;
  title: string;
  /** What will happen, to whom, and whether it can be undone. */
  what: ReactNode;
  isDisabled?: boolean;
  act: () => Promise<unknown>;
}) {
  const [isAsking, setAsking] = useState(false);
  const id = useId();
  const queries = useQueryClient();
  const close = (): void => {
    setAsking(false);
  };
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: act,
    onSuccess: close,
    onSettled: () => queries.invalidateQueries({ queryKey: [OPERATOR] }),
  });

  return (
    <>
      <button
        type="button"
        disabled={isDisabled}
        onClick={() => {
          reset();
          setAsking(true);
        }}
      >
        {label}…
      </button>
      {isAsking && (
        <Modal titleId={id} className="confirm" onClose={close}>
          <h2 id={id}>{title}</h2>
          {what}
          {error !== null && <Notice error={explainError(error)} />}
          <div className="actions">
            {/* First, so that it has the focus: a second Enter does nothing. */}
            <button type="button" onClick={close}>
              {t`Cancel`}
            </button>
            <button
              type="button"
              className="primary"
              disabled={isPending}
              onClick={() => {
                mutate();
              }}
            >
              {label}
            </button>
          </div>
        </Modal>
      )}
    </>
  );
}
