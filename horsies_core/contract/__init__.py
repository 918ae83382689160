"""The contract of a task: what a producer and a worker must agree on, as small immutable values.

What stands here: names and error codes, the closed set of type nodes (`types`), drafts as a front end reads them (`draft`),
the laws that judge drafts (`laws`), the contract itself (`task`), its JSON Schema (`schema`), its wire form (`wire`), its
fingerprint, and the lock file (`lock`).

Invariants. Standard library only; no I/O, no clock, no randomness. Two front ends build the same value: the compiler from
source text, the decorator from the live function. Nothing here knows how either reads. Reading from outside (`wire`,
`lock`) trusts nothing.

Why drafts and laws are apart from contracts: a contract cannot express what a law refuses, so nothing behind the gate has
to check again; a draft can, so that both front ends report the same violations with the same words.

Why schemas are made here and not where they are emitted: the worker checks payloads by the very schema that the compiler
prints, without the compiler installed.
"""
