"""The compiler made a mistake of its own.

Please report it with the traceback that ``--traceback`` prints. Nothing was written.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC909", "internal-error", Kind.TOOL, __doc__)
