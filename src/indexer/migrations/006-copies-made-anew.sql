-- How often a sale's copy went back below what was final: a reader that holds rows of before, or has told of them, sees by
-- it that they may be others now.
ALTER TABLE sales ADD COLUMN recopies bigint NOT NULL DEFAULT 0;

CREATE FUNCTION count_recopy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.copied_to < (SELECT max(anchor_number) FROM chain) THEN NEW.recopies := OLD.recopies + 1; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER count_recopy BEFORE UPDATE OF copied_to ON sales
  FOR EACH ROW WHEN (NEW.copied_to < OLD.copied_to) EXECUTE FUNCTION count_recopy();

-- The copy that a receiver was told of, and the last entry told, by its history.
ALTER TABLE webhook_cursors
  ADD COLUMN copy    text  NOT NULL DEFAULT '',
  ADD COLUMN history bytea NOT NULL DEFAULT '';
UPDATE webhook_cursors w SET copy = s.id || '.' || s.recopies,
  history = coalesce((SELECT e.history FROM entries e WHERE e.sale = s.id AND e.sequence = w.sequence), '')
  FROM sales s WHERE s.address = w.sale;
