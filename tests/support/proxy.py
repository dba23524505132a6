"""A real nginx with the configuration of ``deploy/``, on ports and with a certificate of the test's own."""

from __future__ import annotations

import ssl
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from support import require
from support.project import TOP
from support.world import free_port, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

NAME = "credit.example"


@dataclass(frozen=True)
class Proxy:
    """An nginx in a folder of its own."""

    program: str
    folder: Path
    port: int
    plain: int

    @classmethod
    def prepare(cls, folder: Path, ports: Sequence[int]) -> Proxy:
        """Write the configuration as it is delivered, but for addresses and places; ends without nginx."""
        made = cls(require.command("nginx", "nginx"), folder, free_port(), free_port())
        _certificate(folder)
        text = (TOP / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        for old, new in {
            "/run/nginx.pid": str(folder / "nginx.pid"),
            "error_log stderr crit;": f"error_log {folder / 'error.log'} crit; daemon off; master_process off;",
            "listen 80": f"listen 127.0.0.1:{made.plain}",
            "listen 443": f"listen 127.0.0.1:{made.port}",
            "/etc/nginx/tls/": f"{folder}/",
            "  server_tokens off;": f"  server_tokens off; {made._places()}",
        }.items():
            if old not in text:
                raise AssertionError(f"deploy/nginx.conf has no {old!r} any more")
            text = text.replace(old, new)
        (folder / "nginx.conf").write_text(text, encoding="utf-8")
        upstream = (TOP / "deploy" / "upstream.conf").read_text(encoding="utf-8")
        for old, port in zip(("8001", "8002"), ports, strict=True):
            upstream = upstream.replace(f"127.0.0.1:{old}", f"127.0.0.1:{port}")
        (folder / "upstream.conf").write_text(upstream, encoding="utf-8")
        return made

    def _places(self) -> str:
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        return " ".join(f"{kind}_temp_path {self.folder / kind};" for kind in kinds)

    @property
    def command(self) -> list[str]:
        """How it is called."""
        return [self.program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    @contextmanager
    def running(self) -> Iterator[Proxy]:
        """The proxy, until the end of the block."""
        process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(self._listens, "nginx listens", (self.folder / "error.log").read_text)
            yield self
        finally:
            process.terminate()
            process.wait(30)

    def _listens(self) -> bool:
        try:
            self.connect().close()
        except OSError:
            return False
        return True

    def connect(self, timeout: float = 30) -> HTTPSConnection:
        """A client that believes in the test's certificate."""
        trust = ssl.create_default_context(cafile=str(self.folder / "site.crt"))
        trust.check_hostname = False
        connection = HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=trust)
        connection.connect()
        return connection

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers, text."""
        connection = self.connect()
        try:
            connection.request("GET", path, headers={"Host": NAME, **headers})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()
        finally:
            connection.close()


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "site.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    (folder / "site.key").write_bytes(private)
