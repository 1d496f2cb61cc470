-- What operators set in place of the policy's limits; the last row counts, and NULL in it is the policy's again.
CREATE TABLE limits (
  seq                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  requests_per_minute integer,
  reason              text NOT NULL,
  actor               text NOT NULL,
  at                  timestamptz NOT NULL DEFAULT now()
);
