"""A generated file belongs to a task or module that is gone.

Reported by ``build --check``. The build deletes such files; only files that it wrote itself, as it wrote them.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC903", "stale-generated-file", Kind.TOOL, __doc__)
