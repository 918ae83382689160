"""The linter: laws and rules over what resolving found, selection and suppressions over what they say.

What: `check` gives every finding on a `Resolution`; `Selection` says which are reported and how loudly; `suppressed` heeds the
comments in the sources; `mended` works out repairs, and `repaired` applies them to texts. `all_rules` gives every code the
tool can report, each with its page.

A **law** (``horsies_core.contract.laws``) looks at one draft; the decorator raises it too. A **rule** needs the source: one file
a rule in `rules`, whose docstring is its page. A **refusal** is why a type cannot be part of a contract; resolving reports
those at their exact expression, so the linter does not repeat them.

Invariants. A rule looks at the `Resolution` alone, never at files and never at another rule. A check sees the tasks of one
file at a time; what compares tasks of different files is an `Across`: so files are judged in any process, and verdicts kept.
Nothing is reported twice. The examples on a page are run as tests: the bad one is reported under the page's code, the good
one is clean. What was not read (HC0xx) cannot be suppressed: there is nothing that could be judged instead.
"""

from horsies_codegen.lint.check import (
    LAW_RULES,
    Gathered,
    across,
    check,
    claims_of,
    duplicates_across,
    gathered,
    law_findings,
    task_laws,
    task_rules,
)
from horsies_codegen.lint.codes import seen_codes
from horsies_codegen.lint.fix import Repaired, repaired
from horsies_codegen.lint.mend import MENDED, mended
from horsies_codegen.lint.registry import all_rules, find_rule
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.lint.rules.duplicate_task_name import Claim
from horsies_codegen.lint.selection import Selection, selection_problems
from horsies_codegen.lint.sending import ABOUT_SENDS
from horsies_codegen.lint.suppress import Comment, Suppressed, comments_in, heeded, may_hold_comments, suppressed

__all__ = [
    "ABOUT_SENDS",
    "LAW_RULES",
    "MENDED",
    "Claim",
    "Comment",
    "Gathered",
    "Kind",
    "Repaired",
    "Rule",
    "Selection",
    "Suppressed",
    "across",
    "all_rules",
    "check",
    "claims_of",
    "comments_in",
    "duplicates_across",
    "find_rule",
    "gathered",
    "heeded",
    "law_findings",
    "may_hold_comments",
    "mended",
    "repaired",
    "seen_codes",
    "selection_problems",
    "suppressed",
    "task_laws",
    "task_rules",
]
