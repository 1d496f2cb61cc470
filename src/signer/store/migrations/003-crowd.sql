-- For a launch's first minutes: thousands of first orders a second.

-- The exposure of a wallet is read by it.
CREATE INDEX orders_buyer ON orders (chain_id, sale, buyer);

-- Moves whenever something changes that an order of this person is decided on, whichever version of the service did it. An
-- order that was decided without a lock is kept only where it has not moved since.
ALTER TABLE subjects ADD COLUMN version bigint NOT NULL DEFAULT 0;

CREATE FUNCTION move_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;
CREATE TRIGGER subjects_version BEFORE UPDATE ON subjects FOR EACH ROW EXECUTE FUNCTION move_version();

CREATE FUNCTION move_buyers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE subjects SET version = version
  WHERE subject IN (SELECT w.subject FROM changed c JOIN wallets w ON w.wallet = c.buyer);
  RETURN NULL;
END $$;
CREATE TRIGGER orders_version AFTER INSERT ON orders REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION move_buyers();

CREATE FUNCTION move_owners() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE subjects SET version = version WHERE subject IN (SELECT subject FROM changed);
  RETURN NULL;
END $$;
CREATE TRIGGER wallets_added AFTER INSERT ON wallets REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION move_owners();
CREATE TRIGGER wallets_moved AFTER UPDATE ON wallets REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION move_owners();
CREATE TRIGGER wallets_left AFTER UPDATE ON wallets REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION move_owners();
CREATE TRIGGER wallets_removed AFTER DELETE ON wallets REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION move_owners();

-- Of the last turn: how many requests of this client it was for, and how many of them passed.
ALTER TABLE rate_buckets ADD COLUMN asked double precision NOT NULL DEFAULT 1;
ALTER TABLE rate_buckets ADD COLUMN granted double precision NOT NULL DEFAULT 1;
