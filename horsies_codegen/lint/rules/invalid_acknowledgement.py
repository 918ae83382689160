"""The file of acknowledgements is wrong.

It is TOML: an ``[[acknowledge]]`` table for each intended break, with ``fingerprint``, ``reason``, ``author`` and ``expires``
(a date), and nothing else. Nothing is compared with acknowledgements that were not understood.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC922", "invalid-acknowledgement", Kind.TOOL, __doc__)
