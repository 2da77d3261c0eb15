#!/bin/bash
uv init
uv add pytest==8.4.1
uv run pytest $TEST_DIR/test_outputs.py -rA
