SELECT task, payload_digest FROM {schema}.idempotency_key WHERE name = %(name)s AND key = %(key)s
