import type { Page } from "playwright-core";

/** Presses Tab until the focus is on what has this name. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    if ((await focusOf(page)).includes(name)) return;
  }
  throw new Error(`no way to ${name} by keyboard`);
}

/** The name of what has the focus. */
export function focusOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === document.body) return "";
    const label =
      element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element?.textContent;
    return label ?? "";
  });
}
