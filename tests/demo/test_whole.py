"""The demo tells a site that could have been: everything that must be true of the data is."""

from flask import Flask

from petitions.demo import load
from tests import build, invariants


def test_everything_that_must_be_true_of_the_demo_is(app: Flask) -> None:
    load.load()
    invariants.check()
    build.work()
    invariants.check()
