-- Who can read what: a payload that a reader refused is left for another one, and whoever looks is told so.

-- The readers that refused the payload, though it was encoded by a contract of another version. NULL for nearly every row.
ALTER TABLE {schema}.task ADD COLUMN refused_by text[];

-- What a worker reads payloads by, and the contracts of other versions that it is known not to read.
ALTER TABLE {schema}.worker ADD COLUMN readers text[] NOT NULL DEFAULT '{}';
ALTER TABLE {schema}.worker ADD COLUMN refused text[] NOT NULL DEFAULT '{}';
