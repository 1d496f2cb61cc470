-- Since when a version of a secret is known, by its fingerprint, as no store tells of each line; how old it is follows.
CREATE TABLE secret_versions (
  secret  text NOT NULL,
  version text NOT NULL,
  since   timestamptz NOT NULL,
  PRIMARY KEY (secret, version)
);

-- Of keys that sign differently each time, so that an order has one signature on every replica: the first that was stored.
CREATE TABLE signatures (
  signer    text NOT NULL,
  digest    bytea NOT NULL,
  signature bytea NOT NULL,
  PRIMARY KEY (digest, signer)
);
