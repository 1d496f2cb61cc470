-- The copy of one chain: where it stands, the sales it follows, their events and what follows from them.

CREATE TABLE chain (
  chain_id      bigint PRIMARY KEY,
  -- The finalised anchor: nothing up to and with this block is ever deleted.
  anchor_number bigint,
  anchor_hash   bytea,
  anchor_time   bigint,
  halted        jsonb
);

-- Blocks held above the anchor; the last is the head of the copy.
CREATE TABLE checkpoints (
  number bigint PRIMARY KEY,
  hash   bytea NOT NULL,
  time   bigint NOT NULL
);

CREATE TABLE sales (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  address     bytea   NOT NULL UNIQUE,
  terms_hash  bytea   NOT NULL,
  start_block bigint  NOT NULL,
  copied_to   bigint  NOT NULL,
  -- Replay of the history so far.
  sequence    bigint  NOT NULL DEFAULT 0,
  history     bytea   NOT NULL,
  raised      numeric NOT NULL DEFAULT 0,
  purchases   bigint  NOT NULL DEFAULT 0,
  withdrawals bigint  NOT NULL DEFAULT 0,
  -- As the sale answered at the head of the copy.
  phase       smallint,
  quarantine  jsonb
);

CREATE TABLE entries (
  sale         integer  NOT NULL REFERENCES sales,
  sequence     bigint   NOT NULL,
  kind         smallint NOT NULL,
  buyer        bytea    NOT NULL,
  nonce        bigint   NOT NULL,
  amount       numeric  NOT NULL,
  order_id     bytea    NOT NULL,
  history      bytea    NOT NULL,
  block_number bigint   NOT NULL,
  block_hash   bytea    NOT NULL,
  block_time   bigint   NOT NULL,
  transaction  bytea    NOT NULL,
  log_index    integer  NOT NULL,
  PRIMARY KEY (sale, sequence)
);
CREATE INDEX entries_buyer ON entries (sale, buyer, sequence);
CREATE INDEX entries_order ON entries (sale, order_id) WHERE kind = 0;

-- Every event of a sale that is no history entry.
CREATE TABLE events (
  sale         integer NOT NULL REFERENCES sales,
  block_number bigint  NOT NULL,
  log_index    integer NOT NULL,
  name         text    NOT NULL,
  buyer        bytea,
  args         jsonb   NOT NULL,
  block_hash   bytea   NOT NULL,
  block_time   bigint  NOT NULL,
  transaction  bytea   NOT NULL,
  PRIMARY KEY (sale, block_number, log_index)
);
CREATE INDEX events_buyer ON events (sale, buyer) WHERE buyer IS NOT NULL;
CREATE INDEX events_name ON events (sale, name, block_number);

CREATE TABLE positions (
  sale      integer NOT NULL REFERENCES sales,
  buyer     bytea   NOT NULL,
  paid      numeric NOT NULL,
  nonce     bigint  NOT NULL,
  ejected   numeric NOT NULL,
  claimed   numeric NOT NULL,
  refunded  numeric NOT NULL,
  purchases bigint  NOT NULL,
  PRIMARY KEY (sale, buyer)
);
CREATE INDEX positions_holding ON positions (sale) WHERE paid > 0;
