"""The examples in the docstrings run, and every public name is documented."""

import doctest
import importlib
import inspect
import pkgutil
import re

import pytest

import matcher

MODULES = ["matcher", *(f"matcher.{module.name}" for module in pkgutil.iter_modules(matcher.__path__))]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", matcher.__all__)
def test_functions_of_the_door_tell_parameters_and_results(name: str) -> None:
    thing = getattr(matcher, name)
    if inspect.isfunction(thing):
        text = inspect.getdoc(thing) or ""
        assert "Parameters\n----------" in text
        assert "Returns\n-------" in text
        assert "Examples\n--------" in text
        assert all(
            re.search(rf"^[\w, ]*\b{name}\b[\w, ]* : ", text, re.M) for name in inspect.signature(thing).parameters
        )
