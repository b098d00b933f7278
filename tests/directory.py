"""The whole packaged directory, loaded once per process into a template: each story begins with a copy of it.

def test_…(france: Server) -> None:
    with france.inside():
        directory.get("R53")
"""

import dataclasses
from pathlib import Path

from fediterr.app import create_app
from fediterr.core import db, jobs
from fediterr.core.settings import Settings
from fediterr.territories import loading
from tests.databases import TEST_URL, Databases


class FullDatabases(Databases):
    """Databases of servers that know all of France."""

    def __init__(self, folder: Path, settings: Settings, worker: str) -> None:
        super().__init__(folder, settings, f"{worker}_france")

    def _make_template(self) -> str:
        made = super()._make_template()
        url = self._url(made) if TEST_URL else f"sqlite:///{made}"
        app = create_app(dataclasses.replace(self.settings, database_url=url), queue=jobs.MemoryQueue())
        with app.app_context():
            with db.transaction():
                loading.load()
            if not TEST_URL:  # all of it in the one file that is copied
                with db.db.engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.db.engine.dispose()
        return made

    def give_back(self, url: str) -> None:
        """Emptied, it would be of no use: those of PostgreSQL are dropped at the end."""
        if not TEST_URL:
            super().give_back(url)
