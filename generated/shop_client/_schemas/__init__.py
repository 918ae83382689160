# Written by horsies-codegen. Change the tasks and build again, not this file.
"""What payloads are checked against, a module for each module of tasks."""
