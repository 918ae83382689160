import sys

try:
    from missing_package import Fancy
except ImportError:
    Fancy = dict[str, int]

if sys.version_info >= (3, 8):
    Number = int
else:
    Number = str
