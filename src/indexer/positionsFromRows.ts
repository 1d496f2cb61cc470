/**
 * The positions in sale `$1` of the buyers `$2`, from all entries and events that are stored, or from those up to a block
 * (`upTo`: a parameter). The same sums as `positionDeltas`. Kinds: 0 purchase, 1 withdraw, 2 invalidate, 3 eject.
 */
export function positionsFromRows(upTo?: string): string {
  const within = upTo === undefined ? "" : `AND block_number <= ${upTo}`;
  return `
  SELECT $1 AS sale, buyer, sum(paid) AS paid, max(nonce) AS nonce, sum(ejected) AS ejected, sum(claimed) AS claimed,
    sum(refunded) AS refunded, sum(purchases) AS purchases FROM (
    SELECT buyer,
      CASE kind WHEN 0 THEN amount WHEN 2 THEN 0 ELSE -amount END AS paid,
      CASE WHEN kind = 2 OR nonce = 4294967295 THEN nonce ELSE nonce + 1 END AS nonce,
      CASE kind WHEN 3 THEN amount ELSE 0 END AS ejected, 0::numeric AS claimed, 0::numeric AS refunded,
      (kind = 0)::int AS purchases
    FROM entries WHERE sale = $1 AND buyer = ANY($2::bytea[]) ${within}
    UNION ALL
    SELECT buyer,
      CASE name WHEN 'Refunded' THEN -(args->>'amount')::numeric ELSE 0 END, 0,
      CASE name WHEN 'EjectedReleased' THEN -(args->>'amount')::numeric ELSE 0 END,
      CASE name WHEN 'Claimed' THEN (args->>'tokens')::numeric ELSE 0 END,
      CASE name WHEN 'Refunded' THEN (args->>'amount')::numeric ELSE 0 END, 0
    FROM events WHERE sale = $1 AND buyer = ANY($2::bytea[]) ${within}
  ) AS changes GROUP BY buyer`;
}
