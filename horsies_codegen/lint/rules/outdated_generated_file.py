"""A generated file is not what the tasks say now.

Reported by ``build --check``, after a task was changed and the build was not run. Run it and commit what it writes;
``build --diff`` shows the difference.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC902", "outdated-generated-file", Kind.TOOL, __doc__)
