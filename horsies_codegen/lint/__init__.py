"""The linter: laws and rules over what resolving found, selection and suppressions over what they say.

What: `check` gives every finding on a `Resolution`; `Selection` says which are reported and how loudly; `suppressed` heeds the
comments in the sources; `repaired` applies the edits that findings carry. `all_rules` gives every code the tool can
report, each with its page.

A **law** (``horsies_core.contract.laws``) looks at one draft; the decorator raises it too. A **rule** needs the source: one file
a rule in `rules`, whose docstring is its page. A **refusal** is why a type cannot be part of a contract; resolving reports
those at their exact expression, so the linter does not repeat them.

Invariants. A rule looks at the `Resolution` alone, never at files and never at another rule. Nothing is reported twice. The
examples on a page are run as tests: the bad one is reported under the page's code, the good one is clean. What was not read
(HC0xx) cannot be suppressed: there is nothing that could be judged instead.
"""

from horsies_codegen.lint.check import check, duplicates_across, law_findings
from horsies_codegen.lint.codes import seen_codes
from horsies_codegen.lint.fix import Repaired, repaired
from horsies_codegen.lint.registry import all_rules, find_rule
from horsies_codegen.lint.rule import Kind, Rule
from horsies_codegen.lint.selection import Selection, selection_problems
from horsies_codegen.lint.suppress import Suppressed, suppressed

__all__ = [
    "Kind",
    "Repaired",
    "Rule",
    "Selection",
    "Suppressed",
    "all_rules",
    "check",
    "duplicates_across",
    "find_rule",
    "law_findings",
    "repaired",
    "seen_codes",
    "selection_problems",
    "suppressed",
]
