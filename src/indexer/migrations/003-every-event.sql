-- Events of a launch's modules beside the sale's own, and how far they are proved.

-- Copies so far lack them: they are made anew.
TRUNCATE chain, checkpoints, sales, entries, events, positions;

ALTER TABLE events ADD COLUMN contract text NOT NULL;
-- What each total is made of; claims and refunds are the many, and add up in positions.
CREATE INDEX events_rare ON events (sale, block_number, log_index)
  WHERE contract <> 'sale' OR name NOT IN ('Claimed', 'Refunded', 'EjectedReleased');
CREATE INDEX positions_ejected ON positions (sale, buyer) WHERE ejected <> 0;

ALTER TABLE sales
  ADD COLUMN pool bytea,
  -- The other events up to this block were found complete.
  ADD COLUMN proved_to bigint NOT NULL DEFAULT -1,
  -- The round over positions that is under way: since which block, and after which buyer.
  ADD COLUMN round_from bigint,
  ADD COLUMN round_after bytea NOT NULL DEFAULT '';
