SELECT queue,
       count(*) FILTER (WHERE worker IS NULL AND due_at IS NULL) AS ready,
       count(*) FILTER (WHERE worker IS NULL AND due_at IS NOT NULL) AS delayed,
       count(*) FILTER (WHERE worker IS NOT NULL AND started_at IS NULL) AS claimed,
       count(*) FILTER (WHERE worker IS NOT NULL AND started_at IS NOT NULL) AS running
FROM {schema}.task GROUP BY queue ORDER BY queue
