-- What each receiver has taken. By address, so that a copy made anew does not tell everything again.
CREATE TABLE webhook_cursors (
  webhook      text    NOT NULL,
  sale         bytea   NOT NULL,
  sequence     bigint  NOT NULL,
  block_number bigint  NOT NULL,
  log_index    integer NOT NULL,
  PRIMARY KEY (webhook, sale)
);
