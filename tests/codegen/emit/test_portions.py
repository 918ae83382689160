"""What is printed for a module depends on its own tasks and on the names that fall to it, and on nothing else."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from random_contracts import random_contract

from horsies_codegen.emit import ClientOptions, Printer, emit, names_of, portion_of
from horsies_core.contract.lock import LockEntry

MODULES = ("shop.orders", "shop.mail", "shop_mail", "Shop.Mail")


def modules_of(seed: int) -> dict[str, list[LockEntry]]:
    """Tasks in modules whose names collide, as their own do."""
    kind = random_contract(Random(seed))
    modules: dict[str, list[LockEntry]] = {}
    for number, module in enumerate(MODULES * 2):
        name = f"send-{number}" if number % 2 else f"send_{number + 1}"
        contract = replace(kind, name=name, source=f"{module}:f{number}")
        modules.setdefault(module, []).append(LockEntry(contract=contract, doc=f"Number {number}."))
    return modules


@pytest.mark.parametrize("seed", range(8))
def test_a_module_alone_is_printed_as_in_the_whole(seed: int) -> None:
    modules = modules_of(seed)
    whole = emit([entry for members in modules.values() for entry in members], package="acme.client")
    portions = {module: portion_of(module, members) for module, members in modules.items()}
    names = names_of(list(portions.values()))
    printer = Printer("acme.client", ClientOptions())
    printed: dict[str, str] = {}
    for module, members in modules.items():
        own = names.of(module, [portions[module]])
        printed |= printer.module(module, members, [portions[module]], own)
    assert printed.items() <= whole.items()
    once = {"horsies.lock.json", "py.typed", "__init__.py", "models.py"}
    assert {path.rpartition("/")[2] for path in whole.keys() - printed.keys()} == once
