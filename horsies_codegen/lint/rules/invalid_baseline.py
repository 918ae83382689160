"""The baseline of ``lint`` is missing or cannot be read.

A path that names no file, text that is no JSON (an unsettled merge, for example), or a format of another version. Nothing is
judged by a baseline that was not understood. ``lint --baseline FILE --update-baseline`` writes a new one where there is none.
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC914", "invalid-baseline", Kind.TOOL, __doc__)
