"""Helpers."""


def timed(function):
    return function
