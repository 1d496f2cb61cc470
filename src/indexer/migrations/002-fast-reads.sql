-- Indexes that only readers need are made once the copy has reached the head (src/indexer/readIndexes.ts): a table that
-- has them takes several times as long to fill.
DROP INDEX entries_buyer;
DROP INDEX entries_order;
DROP INDEX events_buyer;
DROP INDEX events_name;
-- It kept every update of a position from staying in its page.
DROP INDEX positions_holding;
ALTER TABLE positions SET (fillfactor = 80);

ALTER TABLE sales
  -- Positions with money in them.
  ADD COLUMN buyers   bigint  NOT NULL DEFAULT 0,
  ADD COLUMN claimed  numeric NOT NULL DEFAULT 0,
  ADD COLUMN refunded numeric NOT NULL DEFAULT 0;
UPDATE sales SET (buyers, claimed, refunded) = (
  SELECT count(*) FILTER (WHERE paid > 0), coalesce(sum(p.claimed), 0), coalesce(sum(p.refunded), 0)
  FROM positions p WHERE p.sale = sales.id);
