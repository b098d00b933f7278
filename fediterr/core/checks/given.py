"""Proving the settings: what would lose work, refuse visitors or tell secrets is said before it happens."""

import os
import stat
from collections.abc import Iterator

import redis
import sqlalchemy as sa

from fediterr.core import broker, db, mail, names, schema, site
from fediterr.core.checks.findings import Finding

OLDEST_POSTGRESQL = 150000
BROKER_SECONDS = 3


def check_data_dir() -> Iterator[Finding]:
    settings = site.settings()
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        yield Finding(f"The data directory {folder} cannot be made: {error.strerror}.", "Set FEDITERR_DATA_DIR.")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(f"The data directory {folder} cannot be written to.", "Give it to the user that runs fediterr.")


def check_database() -> Iterator[Finding]:
    try:
        with db.db.engine.connect() as connection:
            look = _sqlite if connection.dialect.name == "sqlite" else _postgresql
            yield from look(connection)
    except sa.exc.DBAPIError as error:
        words = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
        yield Finding(f"The database cannot be reached: {words}.", "Start it, or set FEDITERR_DATABASE_URL.")


def _sqlite(connection: sa.Connection) -> Iterator[Finding]:
    wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
    for pragma, value in wanted.items():
        found = str(connection.exec_driver_sql(f"PRAGMA {pragma}").scalar())
        if found != value:
            yield Finding(
                f"SQLite has {pragma}={found} and may lose what was answered.",
                f"It must be {value}: put the data directory on a local disk that SQLite can lock.",
            )


def _postgresql(connection: sa.Connection) -> Iterator[Finding]:
    version = int(str(connection.exec_driver_sql("SHOW server_version_num").scalar()))
    if version < OLDEST_POSTGRESQL:
        yield Finding(f"PostgreSQL {version // 10000} is too old.", "Use PostgreSQL 15 or later.")
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        if connection.exec_driver_sql(f"SHOW {name}").scalar() == "off":
            yield Finding(
                f"PostgreSQL has {name}=off and may lose what was answered.",
                f"Set {name} to on in postgresql.conf, or for this database with ALTER DATABASE.",
            )


def check_schema() -> Iterator[Finding]:
    try:
        if not schema.is_current():
            yield Finding("The database is not at the revision this version needs.", "Run `fediterr migrate`.")
    except sa.exc.DBAPIError:
        return  # told by the check of the database


def check_broker() -> Iterator[Finding]:
    settings = site.settings()
    options = {"max_retries": 1, "socket_timeout": BROKER_SECONDS, "socket_connect_timeout": BROKER_SECONDS}
    connection = broker.make_celery(settings).connection_for_write(
        connect_timeout=BROKER_SECONDS, transport_options=options
    )
    try:
        with connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
    except Exception as error:  # noqa: BLE001 - each transport has errors of its own
        name = settings.broker_url.partition("://")[0] or "folder"
        yield Finding(
            f"The broker ({name}) cannot be reached: {error}.",
            "Start it, or set FEDITERR_BROKER_URL. Until then nothing is delivered or received, and nothing is lost.",
        )
        return
    if settings.broker_url.startswith("redis"):
        yield from _no_eviction(settings.broker_url, "FEDITERR_BROKER_URL")


def check_redis() -> Iterator[Finding]:
    settings = site.settings()
    if settings.redis_url and settings.redis_url != settings.broker_url:
        yield from _no_eviction(settings.redis_url, "FEDITERR_REDIS_URL", evictable=True)


def _no_eviction(url: str, setting: str, *, evictable: bool = False) -> Iterator[Finding]:
    try:
        with redis.Redis.from_url(
            url, socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS, retry=None
        ) as client:
            policy = str(client.info("memory").get("maxmemory_policy", "noeviction"))
    except redis.RedisError as error:
        yield Finding(f"Redis cannot be reached: {error}.", f"Start it, or set {setting}.")
        return
    if not evictable and policy != "noeviction":
        yield Finding(
            f"Redis has maxmemory-policy={policy} and may throw hints away.", "Set maxmemory-policy to noeviction."
        )


def check_mail() -> Iterator[Finding]:
    settings = site.settings()
    if not settings.mail_host:
        if settings.registrations != "closed" and settings.email_confirmation:
            yield Finding(
                "No mail is sent, so nobody who registers can prove their address.",
                "Set FEDITERR_MAIL_HOST; until then confirm them by hand: fediterr accounts confirm NAME.",
            )
        else:
            yield Finding(
                "No mail is sent: a forgotten password cannot be replaced by its owner.",
                "Set FEDITERR_MAIL_HOST, and what your mail provider says beside.",
                stops=False,
            )
        return
    try:
        mail.greet(settings)
    except mail.ERRORS as error:
        where = f"{settings.mail_host}:{settings.mail_port}"
        yield Finding(
            f"The mail server {where} does not take us: {error}.",
            "Start it, or set FEDITERR_MAIL_*. Until then letters wait.",
        )


def check_address() -> Iterator[Finding]:
    settings = site.settings()
    if not settings.base_url.startswith("https://") and not settings.is_loopback:
        yield Finding(
            f"The base address {settings.base_url} is plain http.",
            "Other servers refuse it: set FEDITERR_BASE_URL to an https address, and TLS in the reverse proxy.",
        )
    elif not settings.is_loopback and not names.conforms(settings.handle_domain):
        yield Finding(
            f"The name {settings.handle_domain} does not conform to the public rules for local authorities (RCPNT).",
            "Only .fr, .eu, regional and overseas names do: choose one before anything is published.",
            stops=False,
        )


def check_secret() -> Iterator[Finding]:
    settings = site.settings()
    file = settings.secret_file
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Finding(f"The secret key {file} can be read by others.", f"Run: chmod 600 {file}")
    if len(settings.secret_key) < 32:
        yield Finding("The secret key is short.", "Give one of 32 characters or more, or none to have one made.")
