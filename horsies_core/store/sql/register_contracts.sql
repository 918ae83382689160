INSERT INTO {schema}.contract (fingerprint, name, body)
SELECT fingerprint, name, body::jsonb
FROM unnest(%(fingerprints)s::text[], %(names)s::text[], %(bodies)s::text[]) AS served (fingerprint, name, body)
ORDER BY fingerprint
ON CONFLICT (fingerprint) DO UPDATE SET last_served_at = now(), body = excluded.body
