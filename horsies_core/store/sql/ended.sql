-- Which of these tasks have ended: asked when tasks are sent a second time.
SELECT id FROM {schema}.history WHERE id = ANY (%(ids)s::uuid[])
