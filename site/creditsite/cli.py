"""``credit-site``: what people see (DESIGN 6)."""

from __future__ import annotations

import sys

import click

from creditregister import settings as setting_files
from creditregister.commands.group import Commands
from creditsite import logs
from creditsite import serve as serving


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="credit-disclosure")
def main() -> None:
    """Serve the site."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that answer; by default one a core.")
@click.option("--behind-proxy", is_flag=True, help="A reverse proxy stands before the site (TLS, buffering).")
@click.option(
    "--pages-only", is_flag=True, help="Leave index and signing to a `creditsite.companion` elsewhere."
)
def serve(*, host: str, port: int, workers: int | None, behind_proxy: bool, pages_only: bool) -> None:
    """Serve the site and keep its index up to date, until told to stop."""
    address, settings = serving.Address(host, port, behind_proxy), setting_files.load()
    serving.refuse(settings, address)
    logs.configure()
    click.echo(f"The site is on http://{host}:{port}/ - stop it with Ctrl-C.")
    workers = workers or serving.default_workers()
    sys.exit(serving.serve(settings, address, workers, pages_only=pages_only))


if __name__ == "__main__":
    main()
