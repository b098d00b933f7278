"""Proving the settings: what would lose work, refuse visitors or tell secrets is said before it happens."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click
import redis
import sqlalchemy as sa
from flask import Flask

from fediterr.cli import context, schema
from fediterr.core import broker, db, errors, mail, site
from fediterr.core.settings import Settings

OLDEST_POSTGRESQL = 150000
BROKER_SECONDS = 3


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be: what, and how to mend it."""

    wrong: str
    mend: str


@click.command("check")
@click.pass_context
def check(ctx: click.Context) -> None:
    """Prove the settings; print what is wrong and how to mend it."""
    app = context.make_app(ctx)
    wrong = 0
    for name, look in CHECKS.items():
        findings = list(look(app))
        wrong += len(findings)
        for finding in findings:
            click.echo(f"{name}: {finding.wrong}\n    {finding.mend}", err=True)
        if not findings:
            click.echo(f"{name}: well")
    ctx.exit(1 if wrong else 0)


def refuse_to_lose(app: Flask) -> None:
    """Raise Conflict if what is answered could be lost: such a server does not start."""
    for look in (_data_dir, _database):
        for finding in look(app):
            raise errors.Conflict(f"{finding.wrong} {finding.mend}")


def warnings(app: Flask) -> Iterator[Finding]:
    """What a server starts with all the same, but not in silence."""
    for look in (_broker, _redis, _mail, _address, _secret):
        yield from look(app)


def _settings(app: Flask) -> Settings:
    found: Settings = app.extensions[site.EXTENSION]
    return found


def _data_dir(app: Flask) -> Iterator[Finding]:
    settings = _settings(app)
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        yield Finding(f"The data directory {folder} cannot be made: {error.strerror}.", "Set FEDITERR_DATA_DIR.")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(f"The data directory {folder} cannot be written to.", "Give it to the user that runs fediterr.")


def _database(app: Flask) -> Iterator[Finding]:
    try:
        with app.app_context(), db.db.engine.connect() as connection:
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


def _schema(app: Flask) -> Iterator[Finding]:
    try:
        if not schema.is_current(app):
            yield Finding("The database is not at the revision this version needs.", "Run `fediterr migrate`.")
    except sa.exc.DBAPIError:
        return  # told by the check of the database


def _broker(app: Flask) -> Iterator[Finding]:
    settings = _settings(app)
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


def _redis(app: Flask) -> Iterator[Finding]:
    settings = _settings(app)
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


def _mail(app: Flask) -> Iterator[Finding]:
    settings = _settings(app)
    if not settings.mail_host:
        if settings.registrations != "closed" and settings.email_confirmation:
            yield Finding(
                "No mail is sent, so nobody who registers can prove their address.",
                "Set FEDITERR_MAIL_HOST; until then confirm them by hand: fediterr accounts confirm NAME.",
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


def _address(app: Flask) -> Iterator[Finding]:
    settings = _settings(app)
    if not settings.base_url.startswith("https://") and not settings.is_loopback:
        yield Finding(
            f"The base address {settings.base_url} is plain http.",
            "Other servers refuse it: set FEDITERR_BASE_URL to an https address, and TLS in the reverse proxy.",
        )


def _secret(app: Flask) -> Iterator[Finding]:
    settings = _settings(app)
    file = settings.secret_file
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Finding(f"The secret key {file} can be read by others.", f"Run: chmod 600 {file}")
    if len(settings.secret_key) < 32:
        yield Finding("The secret key is short.", "Give one of 32 characters or more, or none to have one made.")


CHECKS: dict[str, Callable[[Flask], Iterator[Finding]]] = {
    "data directory": _data_dir,
    "database": _database,
    "schema": _schema,
    "broker": _broker,
    "redis": _redis,
    "mail": _mail,
    "address": _address,
    "secret key": _secret,
}
