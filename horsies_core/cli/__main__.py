"""``python -m horsies_core.cli``: the command line where no script of that name is on the PATH."""

from horsies_core.cli.main import main

main()
