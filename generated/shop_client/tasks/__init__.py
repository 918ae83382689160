# Written by horsies-codegen. Change the tasks and build again, not this file.
"""The stubs, a module for each module of tasks."""
