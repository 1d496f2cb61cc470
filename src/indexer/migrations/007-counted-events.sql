-- What totals are made of, without announcements and collected fees, which anybody may make without end.
CREATE INDEX events_counted ON events (sale, name)
  WHERE (contract <> 'sale' OR name NOT IN ('Claimed', 'Refunded', 'EjectedReleased'))
    AND name NOT IN ('Announced', 'FeesCollected');
