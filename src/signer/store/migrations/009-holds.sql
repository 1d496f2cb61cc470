-- Refused or revoked by an operator: only an operator lifts it. What was decided elsewhere since is a claim, which puts the person
-- into the review queue.
ALTER TABLE subjects
  ADD COLUMN held boolean NOT NULL DEFAULT false,
  ADD COLUMN claim text CHECK (claim IN ('approved', 'pending', 'rejected', 'revoked')),
  ADD COLUMN claimed_at timestamptz;

UPDATE subjects s SET held = true
WHERE decision IN ('rejected', 'revoked') AND (
  SELECT actor FROM audit WHERE action = 'decision' AND detail ->> 'subject' = s.subject ORDER BY seq DESC LIMIT 1
) IN (SELECT id FROM operator_keys);
