-- What a check at a KYC provider is begun with: only wallets of the person are told it, so nobody else has a check count for it.
ALTER TABLE subjects ADD COLUMN reference uuid NOT NULL UNIQUE DEFAULT gen_random_uuid();
