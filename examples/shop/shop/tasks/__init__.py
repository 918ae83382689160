"""The shop's tasks, a module a department."""
