import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
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
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const queries = useQueryClient();
  const { mutate, error, isPending, reset } = useMutation({
    mutationFn: act,
    onSuccess: () => {
      setAsking(false);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [OPERATOR] }),
  });
  useEffect(() => {
    if (isAsking && dialog.current?.open === false) dialog.current.showModal();
  }, [isAsking]);

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
        <dialog
          ref={dialog}
          className="chooser confirm"
          aria-labelledby={id}
          onClose={() => {
            setAsking(false);
          }}
        >
          <h2 id={id}>{title}</h2>
          {what}
          {error !== null && <Notice error={explainError(error)} />}
          <div className="actions">
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
            <button
              type="button"
              onClick={() => {
                setAsking(false);
              }}
            >
              {t`Cancel`}
            </button>
          </div>
        </dialog>
      )}
    </>
  );
}
