/** An order as the database has it after a crash. */
export type KeptOrder = {
  key: string;
  orderId: string;
  buyer: string;
  nonce: string;
  open: boolean;
  vouchers: number;
};

export type Totals = { acknowledged: number; lost: number; doubled: number; differentReplays: number };

/** What buyers were told, beside what was kept. Everything that does not fit is counted, each thing once. */
export type Books = {
  /** A buyer sends this key; whether it gets through is not known yet. */
  sent: (key: string) => void;
  /** The service answered 201 with this body. */
  acknowledged: (key: string, body: string) => void;
  /** The same key again, after the crash. */
  replayed: (key: string, body: string) => void;
  /** All orders there are; returns what is wrong with them, in words. */
  compare: (orders: readonly KeptOrder[]) => string[];
  totals: () => Totals;
};

export function createBooks(): Books {
  const known = new Set<string>();
  const told = new Map<string, string>();
  const [lost, doubled, different] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let acknowledged = 0;

  return {
    sent: (key) => void known.add(key),
    acknowledged: (key, body) => {
      acknowledged += 1;
      told.set(key, body);
    },
    replayed: (key, body) => {
      const before = told.get(key);
      if (before !== undefined && before !== body) different.add(key);
      told.set(key, body);
    },
    compare: (orders) => {
      const problems: string[] = [];
      const note = (into: Set<string>, key: string, what: string): void => {
        if (!into.has(key)) problems.push(`${key}: ${what}`);
        into.add(key);
      };
      const keys = new Set<string>();
      const open = new Set<string>();
      for (const { key, buyer, nonce, vouchers, ...order } of orders) {
        if (keys.has(key)) note(doubled, key, "has two orders");
        keys.add(key);
        if (!known.has(key)) note(doubled, key, "was never sent");
        if (vouchers !== 1) note(doubled, key, `has ${String(vouchers)} vouchers`);
        const place = `${buyer} ${nonce}`;
        if (order.open && open.has(place)) note(doubled, key, "is open beside another of its wallet");
        if (order.open) open.add(place);
      }
      for (const key of told.keys()) if (!keys.has(key)) note(lost, key, "was acknowledged and is gone");
      return problems;
    },
    totals: () => ({
      ...{ acknowledged, lost: lost.size, doubled: doubled.size, differentReplays: different.size },
    }),
  };
}
