SELECT queue, state::text AS state, count(*) AS count FROM {schema}.history GROUP BY queue, state ORDER BY queue, state
