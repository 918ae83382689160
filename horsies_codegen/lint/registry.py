"""The list of all rules, by code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from horsies_codegen.lint.rule import Rule
from horsies_codegen.lint.rules import (
    ambiguous_name,
    any_type,
    argument_of_wrong_type,
    async_task,
    bare_container,
    bytes_as_text,
    client_type_error,
    computed_default,
    computed_option,
    computed_task_name,
    computed_type,
    default_of_wrong_type,
    duplicate_task_name,
    edited_generated_file,
    expired_acknowledgement,
    foreign_file_in_the_way,
    generator_task,
    internal_error,
    invalid_acknowledgement,
    invalid_alias,
    invalid_baseline,
    invalid_config,
    invalid_discovery,
    invalid_exception_mapper,
    invalid_queue,
    invalid_queue_name,
    invalid_retry_policy,
    invalid_suppression,
    invalid_task_name,
    invalid_template,
    invalid_timeout,
    invalid_upcaster,
    malformed_error_code,
    missing_argument,
    missing_baseline,
    missing_generated_file,
    missing_parameter_type,
    missing_return_type,
    mutable_default,
    nested_task,
    no_queues,
    no_tasks,
    no_type_checker,
    opaque_metadata,
    other_decorator,
    other_format,
    outdated_generated_file,
    path_problem,
    positional_argument,
    positional_parameter,
    queue_in_default_mode,
    queues_in_default_mode,
    raw_return,
    repeated_class,
    repeated_discovery,
    repeated_mapper_key,
    repeated_queue,
    reserved_error_code,
    return_not_task_result,
    secret_by_name,
    secret_in_payload,
    send_at_import,
    shadowed_default_code,
    stale_baseline,
    stale_generated_file,
    syntax_error,
    task_by_call,
    task_not_a_function,
    task_without_call,
    timeout_retry_without_timeout,
    type_checking_import,
    undiscovered_module,
    unknown_app,
    unknown_argument,
    unknown_external_type,
    unknown_option,
    unknown_queue,
    unknown_task_module,
    unproducible_retry_code,
    unreachable_retry_code,
    unresolved_name,
    unsupported_type,
    untagged_union,
    unused_acknowledgement,
    unused_suppression,
    variadic_parameter,
    wire_changing_hook,
)

RULES: tuple[Rule, ...] = (
    syntax_error.RULE,  # HC001
    unresolved_name.RULE,  # HC003
    computed_type.RULE,  # HC004
    unknown_external_type.RULE,  # HC005
    opaque_metadata.RULE,  # HC006
    wire_changing_hook.RULE,  # HC007
    computed_default.RULE,  # HC008
    ambiguous_name.RULE,  # HC009
    repeated_class.RULE,  # HC010
    positional_parameter.RULE,  # HC101
    missing_return_type.RULE,  # HC102
    missing_parameter_type.RULE,  # HC103
    return_not_task_result.RULE,  # HC104
    async_task.RULE,  # HC105
    generator_task.RULE,  # HC106
    variadic_parameter.RULE,  # HC107
    duplicate_task_name.RULE,  # HC108
    invalid_task_name.RULE,  # HC109
    computed_task_name.RULE,  # HC110
    task_without_call.RULE,  # HC111
    unknown_option.RULE,  # HC112
    other_decorator.RULE,  # HC113
    nested_task.RULE,  # HC114
    unknown_app.RULE,  # HC115
    computed_option.RULE,  # HC116
    undiscovered_module.RULE,  # HC117
    mutable_default.RULE,  # HC118
    default_of_wrong_type.RULE,  # HC119
    send_at_import.RULE,  # HC120
    unknown_task_module.RULE,  # HC121
    invalid_discovery.RULE,  # HC122
    repeated_discovery.RULE,  # HC123
    raw_return.RULE,  # HC125
    task_not_a_function.RULE,  # HC126
    task_by_call.RULE,  # HC127
    positional_argument.RULE,  # HC128
    unknown_argument.RULE,  # HC129
    missing_argument.RULE,  # HC130
    argument_of_wrong_type.RULE,  # HC131
    bare_container.RULE,  # HC201
    any_type.RULE,  # HC202
    unsupported_type.RULE,  # HC203
    untagged_union.RULE,  # HC204
    secret_in_payload.RULE,  # HC205
    type_checking_import.RULE,  # HC206
    bytes_as_text.RULE,  # HC207
    secret_by_name.RULE,  # HC208
    malformed_error_code.RULE,  # HC301
    reserved_error_code.RULE,  # HC302
    unproducible_retry_code.RULE,  # HC303
    timeout_retry_without_timeout.RULE,  # HC304
    repeated_mapper_key.RULE,  # HC305
    invalid_retry_policy.RULE,  # HC306
    invalid_exception_mapper.RULE,  # HC307
    shadowed_default_code.RULE,  # HC308
    unreachable_retry_code.RULE,  # HC309
    unknown_queue.RULE,  # HC401
    queue_in_default_mode.RULE,  # HC402
    invalid_timeout.RULE,  # HC403
    invalid_queue_name.RULE,  # HC404
    invalid_alias.RULE,  # HC405
    queues_in_default_mode.RULE,  # HC406
    no_queues.RULE,  # HC407
    repeated_queue.RULE,  # HC408
    invalid_queue.RULE,  # HC409
    invalid_upcaster.RULE,  # HC410
    missing_generated_file.RULE,  # HC901
    outdated_generated_file.RULE,  # HC902
    stale_generated_file.RULE,  # HC903
    edited_generated_file.RULE,  # HC904
    foreign_file_in_the_way.RULE,  # HC905
    other_format.RULE,  # HC906
    invalid_config.RULE,  # HC907
    path_problem.RULE,  # HC908
    internal_error.RULE,  # HC909
    unused_suppression.RULE,  # HC910
    invalid_suppression.RULE,  # HC911
    no_tasks.RULE,  # HC912
    stale_baseline.RULE,  # HC913
    invalid_baseline.RULE,  # HC914
    expired_acknowledgement.RULE,  # HC920
    unused_acknowledgement.RULE,  # HC921
    invalid_acknowledgement.RULE,  # HC922
    missing_baseline.RULE,  # HC923
    invalid_template.RULE,  # HC930
    client_type_error.RULE,  # HC931
    no_type_checker.RULE,  # HC932
)
"""Every code that compiling reports, in the order of the codes."""

_BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every code that the tool reports, those of ``breaking`` among them, in the order of the codes."""
    from horsies_codegen.lint.changes import CHANGE_RULES  # the engine behind it costs a linter's start-up dearly

    return tuple(sorted((*RULES, *CHANGE_RULES), key=lambda rule: rule.code))


def find_rule(code: str) -> Rule | None:
    """The rule with a code, or None."""
    return _BY_CODE.get(code) or next((rule for rule in all_rules() if rule.code == code), None)
