"""Every process that imports one of the tests lives in their time."""

from tests import clock as clock
