-- What the copy holds may be wrong, or no longer so: nodes disagree, or what replaces a dead branch is not read yet. No reader
-- calls it live meanwhile.
ALTER TABLE chain ADD COLUMN unsettled boolean NOT NULL DEFAULT false;
