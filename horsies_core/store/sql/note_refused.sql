UPDATE {schema}.worker SET refused = %(refused)s::text[] WHERE id = %(worker)s::bigint
