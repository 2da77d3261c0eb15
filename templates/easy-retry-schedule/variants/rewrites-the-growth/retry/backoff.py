"""How long to wait after a try that failed."""


def wait_after(number, job, last=None):
    """What the client waits after that try: twice the last wait, up to the cap; the service may want longer."""
    wait = min(job.base if last is None else 2 * last, job.cap)
    return max(wait, job.answers.get(number, 0))
