from .core import *
from .core import Renamed as Other
