"""What an operator can set, read once: `config/default.toml`, then the operator's file, then `FEDITERR_*`."""

import dataclasses
import difflib
import hashlib
import importlib.resources
import ipaddress
import os
import re
import secrets
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from fediterr.core import errors, siret

PREFIX = "FEDITERR_"
FILE_VARIABLE = "FEDITERR_CONFIG"
# Read by the test suite itself, never by a server.
TEST_PREFIX = "FEDITERR_TEST_"

CHECKOUT = Path(__file__).resolve().parents[2]
LONGEST_SOCKET = 104  # bytes of the path of a socket that every system takes
LOOPBACK_HOSTS = ("localhost", "127.0.0.0/8", "::1/128")


@dataclasses.dataclass(frozen=True)
class Settings:
    """All settings, flat. The name in the environment is `FEDITERR_` + the upper-case name of the field.

    What each one means and its unit stand in `config/default.toml`. Fields that hold a secret or may hold a password
    are left out of `repr`, so that a log line cannot tell them.
    """

    name: str
    description: str
    place: str
    territory_code: str
    contact_email: str
    show_domain_blocks: Literal["nobody", "members", "all"]
    base_url: str
    media_url: str
    streaming_url: str
    handle_domain: str
    data_dir: Path
    language: Literal["fr", "en"]
    secret_key: str = dataclasses.field(repr=False)
    registrations: Literal["closed", "approval", "invite", "open"]
    email_confirmation: bool
    require_second_factor: Literal["nobody", "administrators", "all"]
    rate_limits: bool
    trusted_proxies: tuple[str, ...]
    web_threads: int
    accent_color: str
    logo: str
    legal_publisher: str
    legal_publisher_address: str
    legal_director: str
    legal_host: str
    legal_dpo: str
    legal_accessibility_state: Literal["none", "partial", "total"]
    legal_accessibility_rate: str
    legal_accessibility_date: str
    legal_accessibility_auditor: str
    legal_accessibility_gaps: str
    legal_accessibility_burden: str
    legal_accessibility_exempt: str
    legal_accessibility_contact: str
    legal_accessibility_plan: str
    legal_accessibility_year_plan: str
    legal_ecodesign: str
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]
    log_format: Literal["text", "json"]
    database_url: str = dataclasses.field(repr=False)
    broker_url: str = dataclasses.field(repr=False)
    redis_url: str = dataclasses.field(repr=False)
    redis_prefix: str
    worker_threads: int
    trends_review: bool
    trends_people: int
    territories_density: float
    territories_population: float
    territories_nature: float
    territories_place: float
    territories_competences: float
    territories_zones: float
    mail_host: str
    mail_port: int
    mail_tls: Literal["starttls", "tls", "none"]
    mail_user: str
    mail_password: str = dataclasses.field(repr=False)
    mail_from: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str = dataclasses.field(repr=False)
    oidc_label: str
    oidc_scopes: tuple[str, ...]
    oidc_sirens: tuple[str, ...]
    oidc_strangers: Literal["guest", "approval", "member", "refused"]
    oidc_prompt: Literal["", "login", "consent", "select_account"]
    oidc_acr_values: tuple[str, ...]
    oidc_signed_userinfo: bool
    directory_load: bool
    federation_mode: Literal["open", "allowlist"]
    authorized_fetch: bool
    federation_allow_hosts: tuple[str, ...]
    ca_bundle: str
    signature_window_seconds: int
    limits_body: int
    limits_fetch_bytes: int
    limits_fetch_seconds: int
    limits_deliver_seconds: int
    limits_redirects: int
    limits_html: int
    limits_recipients: int
    limits_tags: int
    limits_attachments: int
    limits_mentions_notified: int
    limits_fetches_per_activity: int
    limits_thread_depth: int
    limits_post_characters: int
    limits_media: int
    limits_media_pixels: int
    limits_video_pixels: int
    limits_video_seconds: int
    limits_media_per_post: int
    limits_copies: int
    limits_name: int
    limits_bio: int
    limits_fields: int
    limits_aliases: int
    limits_poll_options: int
    limits_poll_options_local: int
    limits_streams_account: int
    limits_streams_address: int
    delivery_slots: int
    delivery_slice: int
    delivery_slice_seconds: int
    delivery_keep_days: int
    received_keep_days: int
    fixed: frozenset[str] = frozenset()  # which ones the operator's file or the environment gives

    def __post_init__(self) -> None:
        # `dataclasses.replace(settings, data_dir=…, database_url="")` derives again what an empty value stands for.
        if not self.handle_domain:
            object.__setattr__(self, "handle_domain", self.host)
        if not self.mail_from:
            object.__setattr__(self, "mail_from", f"fediterr@{self.handle_domain.partition(':')[0]}")
        if not self.media_url:
            object.__setattr__(self, "media_url", self.base_url)
        if not self.streaming_url:
            object.__setattr__(self, "streaming_url", self.base_url.replace("http", "ws", 1))
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.data_dir / 'fediterr.db'}")

    @property
    def host(self) -> str:
        """Host of the base address, with its port if it has one: `ville.example`, `localhost:8000`."""
        return urlsplit(self.base_url).netloc

    @property
    def media_host(self) -> str:
        """Host that serves files and nothing else; empty when files have no host of their own."""
        host = urlsplit(self.media_url).netloc
        return host if host != self.host else ""

    @property
    def is_loopback(self) -> bool:
        """True when the base address can only be reached from this machine."""
        hostname = urlsplit(self.base_url).hostname or ""
        return hostname == "localhost" or _is_loopback_address(hostname)

    @property
    def secret_file(self) -> Path:
        """Where the secret key is kept when the operator gives none."""
        return self.data_dir / "secret.key"

    @property
    def live_socket(self) -> Path:
        """Where the web part finds the part that carries live updates, when both are on one machine."""
        path = self.data_dir / "live.sock"
        if len(os.fsencode(path)) < LONGEST_SOCKET:
            return path
        digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:24]
        return Path(tempfile.gettempdir()) / f"fediterr-{digest}.sock"

    def with_loopback_allowed(self) -> "Settings":
        """The same settings where loopback servers may be talked to, if this is one: for trials on one machine."""
        if not self.is_loopback:
            return self
        hosts = dict.fromkeys((*self.federation_allow_hosts, *LOOPBACK_HOSTS))
        return dataclasses.replace(self, federation_allow_hosts=tuple(hosts))


def load(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read the settings, and make the secret key and its directory if the operator gave no key.

    `environ` is the process's environment unless given; `file` is the operator's file, else the one named by
    `FEDITERR_CONFIG`, else `fediterr.toml` in the data directory if there is one.
    Raises `errors.Invalid`, one sentence, for whatever is wrong or unknown.
    """
    environ = os.environ if environ is None else environ
    given = dict(_read_environment(environ))
    default_data_dir = _default_data_dir(environ)
    file = file or _find_file(environ, given.get("data_dir") or default_data_dir)
    values = dict(_read_toml(default_file(), known=None))
    if file is not None:
        given = dict(_read_file(file)) | given
    values.update(given)
    values["data_dir"] = Path(values["data_dir"] or default_data_dir).expanduser().absolute()
    for name, check in CHECKS.items():
        values[name] = _checked(name, check, values[name])
    settings = Settings(**values, fixed=frozenset(given))
    return settings if settings.secret_key else dataclasses.replace(settings, secret_key=_own_secret(settings))


def default_file() -> Path:
    """`default.toml`: inside the installed package, or in `config/` of a checkout."""
    packaged = Path(str(importlib.resources.files("fediterr"))) / "config" / "default.toml"
    return packaged if packaged.exists() else CHECKOUT / "config" / "default.toml"


# --- the three sources ------------------------------------------------------------------------------------------------


def _read_file(path: Path) -> dict[str, Any]:
    known = {(section, key) for section, table in _parse(default_file()).items() for key in table}
    return dict(_read_toml(path, known))


def _read_toml(path: Path, known: set[tuple[str, str]] | None) -> Iterator[tuple[str, Any]]:
    for section, table in _parse(path).items():
        if not isinstance(table, dict):
            raise errors.Invalid(f"{path}: “{section}” stands outside a [section]; see config/default.toml.")
        for key, value in table.items():
            if known is not None and (section, key) not in known:
                raise errors.Invalid(
                    f"{path}: unknown setting “{key}” in [{section}].{_hint(key, {k for _, k in known})}"
                )
            name = _flat(section, key)
            yield name, _convert(name, value, f"{path}: [{section}] {key}")


def _read_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    known = {PREFIX + name.upper(): name for name in TYPES}
    for variable, value in sorted(environ.items()):
        if not variable.startswith(PREFIX) or variable == FILE_VARIABLE or variable.startswith(TEST_PREFIX):
            continue
        if variable not in known:
            raise errors.Invalid(f"Unknown setting {variable} in the environment.{_hint(variable, known)}")
        yield known[variable], _convert(known[variable], value, variable)


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise errors.Invalid(f"The settings file {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise errors.Invalid(f"The settings file {path} is not valid TOML: {error}.") from error


def _flat(section: str, key: str) -> str:
    """`[limits] body` is `limits_body`; `[server] base_url` is `base_url`."""
    return f"{section}_{key}" if f"{section}_{key}" in TYPES else key


def _hint(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]}?" if close else ""


def _find_file(environ: Mapping[str, str], data_dir: str | Path) -> Path | None:
    if named := environ.get(FILE_VARIABLE):
        return Path(named).expanduser()
    usual = Path(data_dir).expanduser() / "fediterr.toml"
    return usual if usual.exists() else None


def _default_data_dir(environ: Mapping[str, str]) -> Path:
    if (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT / "data"
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "fediterr"


# --- from text to values ----------------------------------------------------------------------------------------------

TYPES: dict[str, Any] = {name: kind for name, kind in get_type_hints(Settings).items() if name != "fixed"}
WORDS = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}


def read(name: str, value: str) -> Any:
    """The value of one setting, from its text. Raises `errors.Invalid`."""
    converted = _convert(name, value, name)
    return _checked(name, CHECKS[name], converted) if name in CHECKS else converted


def _convert(name: str, value: object, where: str) -> object:
    """`value`, from TOML or from the environment, as the type of the field `name`."""
    kind = TYPES[name]
    if kind is bool:
        return _as_bool(value, where)
    if kind is int:
        return _as_count(value, where)
    if kind is float:
        return _as_weight(value, where)
    if get_origin(kind) is tuple:
        return _as_tuple(value, where)
    if not isinstance(value, str):
        raise errors.Invalid(f"{where} must be text, not {value!r}.")
    if get_origin(kind) is Literal and value not in get_args(kind):
        raise errors.Invalid(f"{where} must be one of {', '.join(get_args(kind))}, not “{value}”.")
    return value.strip()


def _as_bool(value: object, where: str) -> bool:
    found = value if isinstance(value, bool) else WORDS.get(str(value).strip().lower())
    if found is None:
        raise errors.Invalid(f"{where} must be on or off, not “{value}”.")
    return found


def _as_count(value: object, where: str) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,12}", str(value).strip()) or int(str(value)) < 1:
        raise errors.Invalid(f"{where} must be a whole number above zero, not “{value}”.")
    return int(str(value))


def _as_weight(value: object, where: str) -> float:
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", str(value).strip()):
        raise errors.Invalid(f"{where} must be a number from 0 to 9999, not “{value}”.")
    return float(str(value))


def _as_tuple(value: object, where: str) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise errors.Invalid(f"{where} must be a list of texts, not {value!r}.")
    return tuple(part.strip() for part in parts if part.strip())


# --- what a value must be ---------------------------------------------------------------------------------------------

HOST = re.compile(
    r"(?=.{1,253}(:|$))[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?", re.IGNORECASE
)


def _checked(name: str, check: Callable[[Any], Any], value: object) -> Any:
    try:
        return check(value)
    except ValueError as error:
        raise errors.Invalid(f"The setting {name} ({PREFIX}{name.upper()}) {error}.") from error


def _check_base_url(value: str) -> str:
    try:
        url, _ = urlsplit(value), urlsplit(value).port
    except ValueError:
        raise ValueError(f"is not an address: “{value}”") from None
    if url.scheme not in ("http", "https") or not url.hostname or url.username or url.query or url.fragment:
        raise ValueError(f"must look like https://ville.example, not “{value}”")
    if url.path.strip("/"):
        raise ValueError(f"must have no path, but “{value}” has “{url.path}”")
    return f"{url.scheme}://{url.netloc.lower()}"


def _check_media_url(value: str) -> str:
    return _check_base_url(value) if value else ""


def _check_streaming_url(value: str) -> str:
    if not value:
        return ""
    kind, _, rest = value.partition("://")
    schemes = {"ws": "http", "wss": "https"}
    if kind not in schemes:
        raise ValueError(f"must look like wss://live.ville.example, not “{value}”")
    return f"{kind}://{_check_base_url(f'{schemes[kind]}://{rest}').partition('://')[2]}"


def _check_handle_domain(value: str) -> str:
    if value and not HOST.fullmatch(value):
        raise ValueError(f"must be a domain such as ville.example, not “{value}”")
    return value.lower()


def _check_url(*schemes: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        # The rest of the address is not repeated: it may hold a password.
        if value and value.partition("://")[0] not in schemes:
            raise ValueError(f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return value

    return check


def _check_peers(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_check_peer(entry) for entry in value)


def _check_peer(entry: str) -> str:
    if "/" in entry:
        return _as_network(entry)
    if _is_address(entry):
        return entry
    if not HOST.fullmatch(entry):
        raise ValueError(f"holds “{entry}”, which is neither a host, a host:port nor a network")
    return entry.lower()


def _check_proxies(value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_as_network(entry) for entry in value)


def _as_network(entry: str) -> str:
    try:
        return str(ipaddress.ip_network(entry, strict=False))
    except ValueError:
        raise ValueError(f"holds “{entry}”, which is neither an address nor a network") from None


def _check_sirens(value: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(siret.normal(entry) for entry in value)
    for entry in found:
        if not siret.is_siren(entry):
            raise ValueError(f"holds “{entry}”, which is no SIREN (nine digits)")
    return found


def _check_file(value: str) -> str:
    if value and not Path(value).is_file():
        raise ValueError(f"names a file that does not exist: {value}")
    return value


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_loopback_address(text: str) -> bool:
    return _is_address(text) and ipaddress.ip_address(text).is_loopback


def _check_pattern(pattern: str, meant: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value and not re.fullmatch(pattern, value):
            raise ValueError(f"must be {meant}, not “{value}”")
        return value

    return check


def _check_date(value: str) -> str:
    try:
        return value and date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(f"must be a day such as 2026-11-24, not “{value}”") from None


CHECKS: dict[str, Callable[[Any], Any]] = {
    "base_url": _check_base_url,
    "media_url": _check_media_url,
    "streaming_url": _check_streaming_url,
    "handle_domain": _check_handle_domain,
    "database_url": _check_url("sqlite", "postgresql+psycopg"),
    "broker_url": _check_url("redis", "rediss", "amqp", "amqps"),
    "redis_url": _check_url("redis", "rediss"),
    "oidc_issuer": _check_url("https", "http"),
    "oidc_sirens": _check_sirens,
    "federation_allow_hosts": _check_peers,
    "trusted_proxies": _check_proxies,
    "ca_bundle": _check_file,
    "accent_color": _check_pattern("#[0-9a-fA-F]{6}", "a colour such as #0e5a4b"),
    "logo": _check_pattern(r"[0-9a-f]{32}\.[a-z0-9]{2,5}", "the name of a file of the store"),
    "legal_accessibility_date": _check_date,
    "legal_accessibility_rate": _check_pattern("[0-9]{1,2}|100", "a whole number of percents"),
    "legal_accessibility_contact": _check_pattern(r"[^@\s]+@[^@\s]+", "an e-mail address"),
    "legal_accessibility_plan": _check_url("http", "https"),
    "legal_accessibility_year_plan": _check_url("http", "https"),
}


# --- the secret -------------------------------------------------------------------------------------------------------


def _own_secret(settings: Settings) -> str:
    """The key kept in the data directory, made on first use; two processes starting at once end with the same one."""
    path = settings.secret_file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        secret = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise errors.Invalid(f"The data directory {settings.data_dir} cannot be used: {error.strerror}.") from error
    if len(secret) < 32:
        raise errors.Invalid(f"{path} holds no secret key of 32 characters or more; restore it or remove the file.")
    return secret


def _write_once(path: Path, text: str) -> None:
    """Write whole (0600, on the disk) under another name first: a link fails if someone else was faster."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        return
    finally:
        Path(temporary).unlink()
