"""Tasks of the running program: what a decorator makes of a function (`definition`), where tasks are found by name
(`registry`), and which modules hold them (`discovery`).

Invariants. A broken law raises at the decorator, with the place of the function, the law's code and the remedy. A name
belongs to one function; the same function met again (a module imported under two names, or reloaded) replaces itself.
Types that name what the module defines further down are read at first use, and at the latest when a worker starts.
"""
