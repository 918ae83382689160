"""What a task ends in (`result`), and every exception that horsies raises on purpose (`errors`).

Invariants. A `TaskResult` holds exactly one side and never changes. An error is a value to look at, not an exception: it
is raised only by `unwrap`. Exceptions form one tree, whose root is `HorsiesError`; each is also a kind of the built-in
that callers would expect.

Why `Ok` and `Err` beside `TaskResult`: no type checker can take one class apart, both take a union apart.
"""
