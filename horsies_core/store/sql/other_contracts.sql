-- Contracts that other versions of the served tasks had, for rows that were encoded by them.
SELECT fingerprint, name, body FROM {schema}.contract
WHERE name = ANY (%(names)s::text[]) AND NOT (fingerprint = ANY (%(fingerprints)s::text[]))
