-- The first tables. A migration is immutable once released: the next change is a file of its own.

-- One row for each migration that was applied.
CREATE TABLE {schema}.migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

CREATE TYPE {schema}.terminal_state AS ENUM ('COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED');

-- Live tasks only: waiting, claimed, running. A task that ends moves to `history`, so this table and its indexes stay small
-- whatever has been done before. The state is not a column but follows from two:
--   worker IS NULL                          PENDING  (delayed while due_at is set)
--   worker and no started_at                CLAIMED
--   worker and started_at                   RUNNING
-- so marking a task as running touches no index, and no index leads a planner to the rows in work.
CREATE TABLE {schema}.task (
    id uuid PRIMARY KEY,                            -- UUIDv7, made by the producer: sorts by creation
    created_at timestamptz NOT NULL DEFAULT now(),
    due_at timestamptz,                             -- not before; NULL once it may be claimed
    good_until timestamptz,                         -- never started after
    worker bigint,                                  -- who holds it
    claimed_at timestamptz,
    started_at timestamptz,                         -- user code is about to run, or has
    claims integer NOT NULL DEFAULT 0,              -- how often it was claimed: the fence of every later write
    priority smallint NOT NULL DEFAULT 100,         -- 1 first, 100 last
    attempt smallint NOT NULL DEFAULT 0,            -- attempts that count, the present one not among them
    losses smallint NOT NULL DEFAULT 0,             -- how often a worker died while holding it
    limited boolean NOT NULL DEFAULT false,         -- claimed under the concurrency limit of its queue
    cancelled boolean NOT NULL DEFAULT false,       -- somebody wants it to stop
    queue text NOT NULL,
    name text NOT NULL,
    fingerprint text NOT NULL,                      -- of the contract that the payload was encoded by
    payload text NOT NULL,                          -- JSON text, never parsed by the database
    past_attempts jsonb                             -- earlier attempts, the oldest first
) WITH (
    fillfactor = 80,
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.2
);

-- What may be claimed, in the order in which it is claimed. Delayed tasks are not in it, so a claim never wades through them.
CREATE INDEX task_ready ON {schema}.task (queue, priority, id) WHERE worker IS NULL AND due_at IS NULL;
CREATE INDEX task_due ON {schema}.task (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX task_expiring ON {schema}.task (good_until) WHERE worker IS NULL AND good_until IS NOT NULL;
-- How many tasks of a limited queue are in work; rows of other queues are not in it.
CREATE INDEX task_limited ON {schema}.task (queue) WHERE limited AND worker IS NOT NULL;

-- Tasks that ended. The identity is time-ordered, so retention walks the primary key and needs no other index.
CREATE TABLE {schema}.history (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz NOT NULL DEFAULT now(),
    good_until timestamptz,
    worker bigint,
    state {schema}.terminal_state NOT NULL,
    priority smallint NOT NULL,
    attempt smallint NOT NULL,
    losses smallint NOT NULL,
    queue text NOT NULL,
    name text NOT NULL,
    fingerprint text NOT NULL,
    payload text NOT NULL,
    error_code text,
    result text NOT NULL,                           -- JSON text: {"ok": ...} or {"err": ...}
    past_attempts jsonb
);

-- One live worker a row; the lease is its, not each task's.
CREATE TABLE {schema}.worker (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host text NOT NULL,
    pid integer NOT NULL,
    processes integer NOT NULL,
    queues text[] NOT NULL,
    names text[] NOT NULL,
    terms jsonb NOT NULL,                           -- task name -> the retry policy by which its tasks are recovered
    started_at timestamptz NOT NULL DEFAULT now(),
    lease_until timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Who has room and nothing to do. A producer rings one of them. Not logged: after a crash of the server every worker
-- has to connect again anyway, and a row less costs one poll, never a task.
CREATE UNLOGGED TABLE {schema}.sleeper (
    worker bigint PRIMARY KEY,
    asleep boolean NOT NULL,
    queues text[] NOT NULL,
    names text[] NOT NULL
) WITH (fillfactor = 50);

-- Who waits for the end of which task. Not logged, for the same reason.
CREATE UNLOGGED TABLE {schema}.waiter (
    task uuid NOT NULL,
    channel text NOT NULL,
    PRIMARY KEY (task, channel)
);

-- The concurrency limits. Claims for a limited queue queue up at its row.
CREATE TABLE {schema}.queue_limit (
    queue text PRIMARY KEY,
    max_concurrency integer NOT NULL CHECK (max_concurrency > 0)
);

-- Keys stay as long as the task they belong to is kept.
CREATE TABLE {schema}.idempotency_key (
    name text NOT NULL,
    key text NOT NULL,
    task uuid NOT NULL,
    payload_digest bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, key)
);
CREATE INDEX idempotency_key_task ON {schema}.idempotency_key (task);

-- The contracts that workers have served, by fingerprint; rows of `task` carry the fingerprint.
CREATE TABLE {schema}.contract (
    fingerprint text PRIMARY KEY,
    name text NOT NULL,
    body jsonb NOT NULL,
    first_served_at timestamptz NOT NULL DEFAULT now(),
    last_served_at timestamptz NOT NULL DEFAULT now()
);
