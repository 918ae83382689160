SELECT id FROM {schema}.task WHERE id = ANY (%(ids)s::uuid[]) AND worker = %(worker)s::bigint AND cancelled
