-- Which contracts occur among live rows.
SELECT name, queue, fingerprint,
       count(*) FILTER (WHERE worker IS NULL AND attempt = 0 AND due_at IS NULL) AS waiting,
       count(*) FILTER (WHERE worker IS NULL AND attempt = 0 AND due_at IS NOT NULL) AS delayed,
       count(*) FILTER (WHERE worker IS NULL AND attempt > 0) AS retrying,
       count(*) FILTER (WHERE worker IS NOT NULL) AS running,
       min(created_at) AS oldest
FROM {schema}.task GROUP BY name, queue, fingerprint ORDER BY name, fingerprint, queue
