import { useLayoutEffect, useRef, type ReactNode } from "react";

/** A dialog over the page as long as it is there. Closed, however that came, it leaves the focus where it was before. */
export function Modal({
  titleId,
  className = "",
  onClose,
  children,
}: {
  /** Of the heading among `children`. */
  titleId: string;
  className?: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element?.open === false) element.showModal();
    return () => {
      element?.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`chooser ${className}`}
      aria-labelledby={titleId}
      onClose={() => {
        if (dialog.current?.open === false) onClose();
      }}
    >
      {children}
    </dialog>
  );
}
