import { useId, type InputHTMLAttributes } from "react";

/** A line of text with its label. */
export function TextField({
  label,
  onValue,
  ...input
}: {
  label: string;
  value: string;
  onValue: (value: string) => void;
} & Omit<InputHTMLAttributes<HTMLInputElement>, "value" | "onChange" | "id">) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <div className="field">
        <input
          id={id}
          autoComplete="off"
          onChange={({ target }) => {
            onValue(target.value);
          }}
          {...input}
        />
      </div>
    </>
  );
}
