import { i18n } from "@lingui/core";

type ErrorWords = {
  title: string;
  wayOut: string;
  /** What happened this time, as the program that refused said it: in English. */
  original: string | undefined;
};

/**
 * An error in the page's language. The catalogues of errors are translated by their English words, as these come over the
 * services' HTTP; what is not known stays as it came. A message is a title, or a title, a colon and what happened.
 */
export function errorText({ message, wayOut }: { message: string; wayOut: string }): ErrorWords {
  const [head = "", ...rest] = message.split(": ");
  const title = translated(message) ?? translated(head);
  return {
    title: title ?? message,
    wayOut: translated(wayOut) ?? wayOut,
    original: title === undefined || rest.length === 0 ? undefined : message,
  };
}

function translated(text: string): string | undefined {
  return Object.hasOwn(i18n.messages, text) ? i18n._(text) : undefined;
}
