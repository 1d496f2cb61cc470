import type { Address } from "viem";
import type { Session } from "../../sdk/signerApi.ts";

/** Sessions of this tab, so that a reload does not ask for another signature. */
export type SessionStore = {
  /** Undefined where there is none, none that can be read, or none that still lives. */
  read: (wallet: Address) => Session | undefined;
  write: (session: Session) => void;
  remove: (wallet: Address) => void;
};

export function createSessionStore({
  storage,
  signerUrl,
  now = () => Date.now() / 1000,
}: {
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  signerUrl: string;
  /** Seconds since 1970. */
  now?: () => number;
}): SessionStore {
  const place = (wallet: Address): string => `slipway:session:${signerUrl}:${wallet.toLowerCase()}`;

  return {
    read: (wallet) => {
      const session = parse(storage.getItem(place(wallet)));
      return session !== undefined && session.expiresAt > now() ? session : undefined;
    },
    write: (session) => {
      storage.setItem(place(session.wallet), JSON.stringify(session));
    },
    remove: (wallet) => {
      storage.removeItem(place(wallet));
    },
  };
}

function parse(text: string | null): Session | undefined {
  try {
    const session = JSON.parse(text ?? "null") as Partial<Session> | null;
    const { token, wallet, expiresAt } = session ?? {};
    return token !== undefined && wallet !== undefined && expiresAt !== undefined
      ? { token, wallet, expiresAt }
      : undefined;
  } catch {
    return undefined;
  }
}
