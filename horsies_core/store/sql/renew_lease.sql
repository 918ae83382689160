UPDATE {schema}.worker SET lease_until = now() + %(lease)s::interval WHERE id = %(worker)s::bigint RETURNING id
