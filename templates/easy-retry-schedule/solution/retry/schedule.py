"""The times of all tries of a job."""

from retry.backoff import wait_after


def plan(job):
    """The times, and "tries" or "budget": what ends them."""
    times = [0]
    while len(times) < job.tries:
        after = times[-1] + wait_after(len(times), job)
        if after > job.budget:
            return times, "budget"
        times.append(after)
    return times, "tries"
