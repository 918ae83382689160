-- The contracts behind these fingerprints, as far as a worker has ever served them.
SELECT fingerprint, name, body::text AS body FROM {schema}.contract WHERE fingerprint = ANY (%(fingerprints)s::text[])
