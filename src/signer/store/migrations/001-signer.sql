-- Addresses and hashes are lower-case hex text; amounts and nonces numeric; times of vouchers are chain seconds, all
-- other times are this database's.

CREATE TABLE subjects (
  subject    text PRIMARY KEY,
  country    text NOT NULL,
  tier       text NOT NULL,
  decision   text NOT NULL CHECK (decision IN ('approved', 'pending', 'rejected', 'revoked')),
  decided_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE wallets (
  wallet  text PRIMARY KEY CHECK (wallet ~ '^0x[0-9a-f]{40}$'),
  subject text NOT NULL REFERENCES subjects
);
CREATE INDEX wallets_subject ON wallets (subject);

CREATE TABLE kyc_events (
  id          text PRIMARY KEY,
  outcome     text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now()
);

-- Never purged: an order lives as long as the sale.
CREATE TABLE orders (
  seq            bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  order_id       text PRIMARY KEY CHECK (order_id ~ '^0x[0-9a-f]{64}$'),
  chain_id       bigint NOT NULL,
  sale           text NOT NULL CHECK (sale ~ '^0x[0-9a-f]{40}$'),
  principal      text NOT NULL,
  key            text NOT NULL,
  buyer          text NOT NULL CHECK (buyer ~ '^0x[0-9a-f]{40}$'),
  nonce          numeric(78) NOT NULL CHECK (nonce >= 0),
  cumulative_cap numeric(78) NOT NULL CHECK (cumulative_cap > 0),
  supersedes     text REFERENCES orders,
  superseded_by  text REFERENCES orders DEFERRABLE INITIALLY DEFERRED,
  revoked_at     timestamptz,
  -- Its purchase is in this block or a later one.
  from_block     bigint NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  UNIQUE (chain_id, sale, principal, key)
);
-- At most one open order a wallet. Orders at a nonce that is used up need no closing, so a reorganised chain opens
-- them again by itself.
CREATE UNIQUE INDEX orders_one_open ON orders (chain_id, sale, buyer, nonce)
  WHERE superseded_by IS NULL AND revoked_at IS NULL;

CREATE TABLE vouchers (
  order_id    text NOT NULL REFERENCES orders,
  -- 1 for the first; one more with each renewal.
  number      integer NOT NULL CHECK (number > 0),
  valid_from  numeric(78) NOT NULL,
  valid_until numeric(78) NOT NULL CHECK (valid_until > valid_from),
  issued_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (order_id, number)
);

CREATE TABLE login_nonces (
  nonce_hash bytea PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX login_nonces_expiry ON login_nonces (expires_at);

CREATE TABLE sessions (
  token_hash bytea PRIMARY KEY,
  wallet     text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE request_nonces (
  partner    text NOT NULL,
  nonce      bytea NOT NULL,
  -- Not before the last moment at which the request could be accepted again.
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (partner, nonce)
);
CREATE INDEX request_nonces_expiry ON request_nonces (expires_at);

-- Lost in a crash, and then everybody starts with a full bucket.
CREATE UNLOGGED TABLE rate_buckets (
  client text PRIMARY KEY,
  tokens double precision NOT NULL,
  at     double precision NOT NULL
);
