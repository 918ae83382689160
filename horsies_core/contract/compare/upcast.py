"""Upcasters: what they read of payloads that were written for a former signature."""

from __future__ import annotations

from collections.abc import Iterator

from horsies_core.contract.compare import catalogue
from horsies_core.contract.compare.change import Change, Effect, Relation, Verdict
from horsies_core.contract.compare.inclusion import Prover
from horsies_core.contract.compare.membership import accepts
from horsies_core.contract.compare.mismatch import Mismatch
from horsies_core.contract.compare.resolved import Typed
from horsies_core.contract.compare.sides import fatal
from horsies_core.contract.fingerprint import payload_fingerprint
from horsies_core.contract.payload import payload_of
from horsies_core.contract.task import Parameter, Signature, TaskContract, Upcaster
from horsies_core.contract.types import ObjectDefinition
from horsies_core.contract.wire import Json

__all__ = ["reader_of", "unread_upcasters", "upcaster_for", "witness_against"]


def upcaster_for(old: Signature, new: TaskContract, *, is_needed: bool) -> int | None:
    """The upcaster that payloads of a former signature go through: the one that declares it.

    Where none does and one ``is_needed``, the first that takes every such payload.
    """
    wanted = payload_fingerprint(old)
    exact = next((index for index, each in enumerate(new.upcasters) if payload_fingerprint(each) == wanted), None)
    if exact is not None or not is_needed:
        return exact
    return next((index for index, each in enumerate(new.upcasters) if not fatal(_between(old, each))), None)


def reader_of(old: Signature, new: TaskContract) -> Upcaster | None:
    """The upcaster that reads every payload of a former signature."""
    found = upcaster_for(old, new, is_needed=True)
    return None if found is None else new.upcasters[found]


def unread_upcasters(old: TaskContract, new: TaskContract) -> Iterator[Change]:
    """The upcasters that are gone, where nothing reads any more what they read."""
    for upcaster in old.upcasters:
        found = _between(upcaster, new)
        if fatal(found) and reader_of(upcaster, new) is None:
            witness = tuple(value for each in found for value in each.witness if _is_refused(value, new))[:1]
            yield Change(
                kind=catalogue.UPCASTER_REMOVED,
                task=new.name,
                pointer="/upcasters",
                message=f"the upcaster {upcaster.source} was removed; the payloads that it read are refused",
                effects=(Effect(Relation.OLD_PAYLOADS, Verdict.BREAKING, witness, unproven=not witness),),
                old=upcaster.source,
                help=(catalogue.UPCASTER_REMOVED.remedy,),
            )


def witness_against(written: Typed, parameters: tuple[Parameter, ...], table: Typed) -> Mismatch | None:
    """What stands between a type of objects and the parameters of a task, if anything does."""
    found = Prover(written.table, table.table).mismatches(written.node, payload_of(parameters))
    return next((mismatch for mismatch in found if mismatch.is_fatal), None)


def _between(writer: Signature, reader: Signature) -> list[Mismatch]:
    return Prover(writer.definition_table, reader.definition_table).mismatches(_payload(writer), _payload(reader))


def _payload(signature: Signature) -> ObjectDefinition:
    return payload_of(signature.parameters)


def _is_refused(value: Json, new: TaskContract) -> bool:
    readers: tuple[Signature, ...] = (new, *new.upcasters)
    return all(accepts(Typed(_payload(reader), reader.definition_table), value) is False for reader in readers)
