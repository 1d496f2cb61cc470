/** For `ref`: a heading takes the focus when its view comes, so that whoever does not see it hears where they are. */
export function focused(heading: HTMLElement | null): void {
  heading?.focus();
}
