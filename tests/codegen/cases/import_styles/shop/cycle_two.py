from pydantic import BaseModel

from .cycle_one import One


class Two(BaseModel):
    one: One
