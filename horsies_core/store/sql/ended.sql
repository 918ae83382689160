-- Whether a task has ended: asked before a task is sent a second time.
SELECT EXISTS (SELECT FROM {schema}.history WHERE id = %(id)s) AS ended
