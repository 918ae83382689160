-- Some payloads of each contract, spread over its rows: the order of a digest has nothing to do with age.
SELECT id, name, fingerprint, payload FROM (
    SELECT id, name, fingerprint, payload,
           row_number() OVER (PARTITION BY name, fingerprint ORDER BY md5(id::text)) AS place
    FROM {schema}.task
) AS numbered
WHERE place <= %(most)s::bigint ORDER BY name, fingerprint, place
