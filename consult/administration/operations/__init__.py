"""Everything written here: jobs put back or discarded, and roles given by administrators. The rest is in lower rooms."""

from .appointing import appoint, dismiss, erase_person
from .working import discard_job, retry_job, retry_jobs

__all__ = ["appoint", "discard_job", "dismiss", "erase_person", "retry_job", "retry_jobs"]
