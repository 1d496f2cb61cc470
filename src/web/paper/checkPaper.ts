import { keccak256, type Hex } from "viem";

/** Whether a file is the document whose hash is in the terms: of its very bytes. */
export function checkPaper(bytes: Uint8Array, wanted: Hex): { isSame: boolean; got: Hex } {
  const got = keccak256(bytes);
  return { isSame: got === wanted.toLowerCase(), got };
}

/** Where this page may fetch the document itself: beside it. Elsewhere its policy lets it ask nobody. */
export function ownPaperUrl(uri: string, page: string): string | undefined {
  if (uri === "" || !URL.canParse(uri, page)) return undefined;
  const { origin, href } = new URL(uri, page);
  return origin === new URL(page).origin && href.split("#")[0] !== page.split("#")[0] ? href : undefined;
}
