from pydantic import BaseModel

from ..kinds import Sku


class Order(BaseModel):
    sku: Sku
