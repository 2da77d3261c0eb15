"""Schedules of retries."""
