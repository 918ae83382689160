-- For the rest of the transaction. Waiting for a lock counts too: a table that is being changed is not waited for.
SELECT set_config('statement_timeout', %(ms)s::text, true) AS statement_timeout,
       set_config('lock_timeout', %(ms)s::text, true) AS lock_timeout
