"""Jobs about jobs."""

from __future__ import annotations

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app

from hotline.jobs.rules import DEAD_SECONDS

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * * */10")
@app.task(name="reap", queueing_lock="reap", pass_context=True)
async def reap(context: JobContext, timestamp: int) -> None:
    """Put back jobs whose worker died: a kill -9 leaves them in `doing` for good, and tasks are idempotent."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_SECONDS):
        log.warning("job %s (%s) was left by a worker that died; queued again", job.id, job.task_name)
        await manager.retry_job(job)
