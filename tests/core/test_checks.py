"""The checks of a server that runs: its certificate and its answer, asked of real servers on this machine."""

import dataclasses
import datetime as dt
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fediterr.core import beats, choices, clock, facts, memory, names, site
from fediterr.core.checks import public, series, work
from fediterr.core.checks.findings import Finding
from fediterr.core.db import session
from tests.fediverse import Fediverse, Server


def certificate(folder: Path, *, days: int, host: str = "localhost") -> str:
    """A file with a key and a certificate for it that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    alternatives = x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(days=90))
        .not_valid_after(now + dt.timedelta(days=days)).add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / f"{host}.{days}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return str(file)


@contextmanager
def front(pem: str, answers: dict[str, tuple[int, str, object]]) -> Iterator[int]:
    """A server with that certificate, which answers so; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, onward, body = answers.get(self.path.partition("?")[0], (404, "", {}))
            self.send_response(status)
            self.send_header("Location", onward)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_words: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def found(server: Server, **settings: str) -> dict[str, list[Finding]]:
    """What the checks of the public address find with these settings."""
    given = dataclasses.replace(server.settings, media_url="", **settings)
    server.app.extensions[site.EXTENSION] = given
    looks = {"name": public.check_name, "certificate": public.check_certificate, "answer": public.check_answer}
    with server.app.app_context():
        memory.forget(choices.MEMORY)
        return {name: list(look()) for name, look in looks.items()}


def index(base: str) -> dict[str, object]:
    return {"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": f"{base}/nodeinfo/2.1"}]}


def test_a_server_that_answers_at_its_address_is_well(fediverse: Fediverse, tmp_path: Path) -> None:
    pem, answers = certificate(tmp_path, days=60), dict[str, tuple[int, str, object]]()
    with front(pem, answers) as port:
        base = f"https://localhost:{port}"
        answers["/.well-known/nodeinfo"] = (200, "", index(base))
        well = found(fediverse["brest.test"], base_url=base, handle_domain=f"localhost:{port}", ca_bundle=pem)
        assert well == {"name": [], "certificate": [], "answer": []}
        # Handles of a domain of its own, which leads here, and then does not.
        answers["/.well-known/webfinger"] = (302, f"{base}/.well-known/webfinger?resource=acct:x@y", {})
        apart = {"base_url": base, "ca_bundle": pem, "handle_domain": f"127.0.0.1:{port}"}
        assert found(fediverse["brest.test"], **apart)["answer"] == []
        answers["/.well-known/webfinger"] = (404, "", {})
        assert "does not lead here (404)" in found(fediverse["brest.test"], **apart)["answer"][0].wrong
        answers["/.well-known/nodeinfo"] = (200, "", index("https://other.example"))
        assert "Something else" in found(fediverse["brest.test"], **apart)["answer"][0].wrong


def test_a_certificate_that_ends_or_that_nobody_trusts_is_said(fediverse: Fediverse, tmp_path: Path) -> None:
    for days, said in ((5, "ends on"), (-1, "certificate has expired")):
        pem = certificate(tmp_path, days=days)
        with front(pem, {}) as port:
            settings = {"base_url": f"https://localhost:{port}", "ca_bundle": pem}
            assert said in found(fediverse["brest.test"], **settings)["certificate"][0].wrong
    with front(certificate(tmp_path, days=60), {}) as port:
        unknown = found(fediverse["brest.test"], base_url=f"https://localhost:{port}")["certificate"][0]
        assert "is not accepted: self-signed certificate" in unknown.wrong
        assert "Caddy" in unknown.mend
    gone = found(fediverse["brest.test"], base_url=f"https://localhost:{port}")
    assert "Nobody speaks TLS" in gone["certificate"][0].wrong
    assert "does not answer" in gone["answer"][0].wrong
    assert "leads nowhere" in found(fediverse["brest.test"], base_url="https://reseau.invalid")["name"][0].wrong


def test_a_trial_on_one_machine_has_no_public_address_to_look_at(fediverse: Fediverse) -> None:
    assert not any(found(fediverse["brest.test"], base_url="http://localhost:1").values())


def test_workers_and_what_waits_are_looked_at(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    maria = server.register("maria")
    with server.app.app_context():
        assert [each.wrong for each in work.check_worker()] == ["No worker has given a sign of life yet."]
    with server.inside():
        beats.beat("one")
    maria.says("Bonjour")
    with server.app.app_context():
        assert not [*work.check_worker(), *work.check_queue()]
        clock.shift(dt.timedelta(minutes=20))
        assert "since" in next(work.check_worker()).wrong
        assert next(work.check_queue()).wrong == "Work waits for 20 minutes."
        session.query(facts.Told).delete()
        session.commit()
        assert not list(work.check_queue())


def test_what_depends_on_something_wrong_is_not_looked_at(fediverse: Fediverse) -> None:
    server = fediverse["brest.test"]
    server.app.extensions[site.EXTENSION] = dataclasses.replace(server.settings, base_url="http://plain.example")
    with server.app.app_context():
        made = series.run()
    assert made["address"] is not None
    assert "plain http" in made["address"][0].wrong
    assert made["name"] is made["certificate"] is made["answer"] is None
    assert made["database"] == made["schema"] == []


@pytest.mark.parametrize(
    ("host", "conforms"),
    [
        ("reseau.ville.fr", True), ("ville.bzh", True), ("mairie.re:8443", True), ("EXAMPLE.EU.", True),
        ("ville.com", False), ("ville.org", False), ("fr", True), ("localhost", False), ("ville.fr.example", False),
    ],
)  # fmt: skip
def test_names_that_conform(host: str, conforms: bool) -> None:
    assert names.conforms(host) is conforms
