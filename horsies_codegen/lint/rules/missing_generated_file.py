"""A file that the build writes is not there.

Reported by ``build --check``. Run the build and commit what it writes.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC901", "missing-generated-file", Kind.TOOL, __doc__)
