"""Who may do what with work on many things: who started it, and the owners of its firm."""

from tests.access.rows import Row, signed_in, to_do, to_read

WATCH = ("owner", "advisor")  # in the `own` firm the advisor has started it
JOBS: dict[str, Row] = {
    "jobs": signed_in(),
    "job": to_read(WATCH),
    "job_cancel": to_do(WATCH),
    "job_resume": to_do(WATCH),
    "job_again": to_do(()),  # of a kind that is gone; see `extras.py` for one that is not
}

# What staff may look at.
JOB_TABLES = ("firms_job",)
