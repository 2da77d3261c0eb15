import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))
from hello import greet


def test_greet():
    assert greet("Ada") == "Hello, Ada!"
