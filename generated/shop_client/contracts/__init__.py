# Written by horsies-codegen. Change the tasks and build again, not this file.
"""What producer and worker agree on, a module for each module of tasks."""
