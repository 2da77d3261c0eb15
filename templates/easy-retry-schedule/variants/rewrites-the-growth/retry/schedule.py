"""The times of all tries of a job."""

from retry.backoff import wait_after


def plan(job):
    """The times, and "tries" or "budget": what ends them."""
    times, wait = [0], None
    while len(times) < job.tries:
        wait = wait_after(len(times), job, wait)
        after = times[-1] + wait
        if after > job.budget:
            return times, "budget"
        times.append(after)
    return times, "tries"
