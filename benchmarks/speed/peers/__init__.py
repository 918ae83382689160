"""The other queues, each in an environment of its own (`make bench-peers` makes them) and set up as its documentation advises.

A race is the same for all: so many no-op tasks are enqueued while nobody works; then the workers start, and the rate is taken
from a tenth of the tasks done to all of them done, so that no start-up is in it. Everybody gets two processes.

What is stored, checked and isolated differs, and is said of each (`PEERS`).
"""
