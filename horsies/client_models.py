"""What generated clients with pydantic models are built on; for their code, not for people."""

from horsies_core.producer.wire_model import WireModel

__all__ = ["WireModel"]
