"""Background work: the Celery application and its jobs."""
