DELETE FROM {schema}.waiter WHERE task = %(id)s AND channel = %(channel)s
