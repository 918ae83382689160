"""Sending: from a call with keywords to a row in the queue, and back to a result.

``prepare`` is pure and refuses all that can be refused before the database; ``sender`` stores the rows; ``handle`` waits.
`Task` is the decorated function, `stub.TaskStub` the base of generated clients: two faces of the same sender.

Invariants. Nothing is enqueued in part: `send_many` stores all or none. A producer never runs DDL, except that the embedded
database, which belongs to this very user, brings itself up to date. psycopg is loaded at the first send, pydantic
at the first that is encoded.
"""
