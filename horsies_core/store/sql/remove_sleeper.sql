DELETE FROM {schema}.sleeper WHERE worker = %(worker)s::bigint
