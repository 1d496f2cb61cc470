-- How each client's requests ended, by day: for the client itself and for the operator.
CREATE TABLE client_counts (
  client  text NOT NULL,
  day     date NOT NULL,
  outcome text NOT NULL,
  count   bigint NOT NULL,
  PRIMARY KEY (client, day, outcome)
);

-- What each key was seen doing: from which network, in which hour, how fast. What is new for an old key is unusual.
CREATE TABLE key_traits (
  key        text NOT NULL,
  trait      text NOT NULL,
  value      text NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT now(),
  last_seen  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (key, trait, value)
);

-- Refused at once on every replica, whatever PARTNERS_FILE says.
CREATE TABLE revoked_partner_keys (
  key_id     text PRIMARY KEY,
  revoked_at timestamptz NOT NULL DEFAULT now()
);

-- Who was told to come back, and when it is its turn; lost in a crash, and then everybody lines up again.
CREATE UNLOGGED TABLE turns (
  client text PRIMARY KEY,
  -- Database time, seconds.
  turn   double precision NOT NULL
);
CREATE INDEX turns_turn ON turns (turn);
