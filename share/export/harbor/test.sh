#!/bin/sh
# Grades /app and leaves the reward.
exec python3 -B /tests/grade.py /app /logs/verifier/reward.txt
