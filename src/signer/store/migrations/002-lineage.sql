-- Which database this was, each time it was another: a copy that was put back does not know the latest orders.
CREATE TABLE lineage (
  identity     text PRIMARY KEY,
  -- Chain seconds; NULL for the first, which has no orders from before.
  closed_until numeric(78),
  seen_at      timestamptz NOT NULL DEFAULT now()
);
