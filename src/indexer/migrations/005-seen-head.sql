-- The latest block that the writer has seen on the chain, copied or not, and when (seconds of its clock): every reader
-- tells from it how far the copy is behind.
ALTER TABLE chain
  ADD COLUMN seen_number bigint,
  ADD COLUMN seen_time   bigint,
  ADD COLUMN seen_at     bigint;
