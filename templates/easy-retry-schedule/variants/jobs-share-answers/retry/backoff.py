"""How long to wait after a try that failed."""


def growing_wait(number, base, cap):
    """The wait after try `number`: it doubles from try to try, up to the cap."""
    wait = base
    for _ in range(number - 1):
        if wait >= cap:
            break
        wait *= 2
    return min(wait, cap)


def wait_after(number, job):
    """What the client waits after that try; the service may want longer."""
    wait = growing_wait(number, job.base, job.cap)
    return max(wait, job.answers.get(number, 0))
