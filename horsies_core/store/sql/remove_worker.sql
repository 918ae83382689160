DELETE FROM {schema}.worker WHERE id = %(worker)s::bigint
