-- The hot table grows and shrinks by orders of magnitude between two looks of the statistics, and a plan made while it was
-- empty would scan it when it is not. Local to the transaction, so it is right behind a pooler too. And the clock, on the way.
SELECT set_config('enable_seqscan', 'off', true), extract(epoch FROM clock_timestamp())::float8 AS now
