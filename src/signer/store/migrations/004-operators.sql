-- What was done, by whom, for good. Each row holds the hash of the one before, so that none can be changed, removed or put in
-- between without all later ones showing it.
CREATE TABLE audit (
  seq      bigint PRIMARY KEY,
  at       timestamptz NOT NULL,
  actor    text NOT NULL,
  action   text NOT NULL,
  detail   jsonb NOT NULL,
  previous bytea NOT NULL,
  hash     bytea NOT NULL
);

CREATE FUNCTION audit_content(a audit) RETURNS text STABLE LANGUAGE sql AS $$
  SELECT jsonb_build_array(a.seq, floor(extract(epoch FROM a.at) * 1000000)::bigint, a.actor, a.action, a.detail)::text
$$;

-- One row after the other over all replicas: whoever writes one in a transaction takes this lock before any other.
CREATE FUNCTION audit_lock() RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.audit', 0))
$$;

CREATE FUNCTION chain_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last audit;
BEGIN
  PERFORM audit_lock();
  SELECT * INTO last FROM audit ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.at := clock_timestamp();
  NEW.previous := coalesce(last.hash, '\x'::bytea);
  NEW.hash := sha256(NEW.previous || convert_to(audit_content(NEW), 'UTF8'));
  RETURN NEW;
END $$;
CREATE TRIGGER audit_chained BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION chain_audit();

CREATE FUNCTION keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only added to';
END $$;
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION keep_audit();
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION keep_audit();

CREATE TABLE operator_keys (
  id         text PRIMARY KEY,
  key_hash   bytea NOT NULL UNIQUE,
  note       text NOT NULL,
  scopes     text[] NOT NULL,
  -- Empty: from anywhere.
  networks   text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);

-- The latest row counts.
CREATE TABLE stops (
  seq     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- NULL: selling goes on.
  message text,
  at      timestamptz NOT NULL DEFAULT now()
);
