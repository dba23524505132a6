"""The process beside the site: follows the ledger into the index, signs new checkpoints and changes."""

from __future__ import annotations

import logging
import signal
import threading
from typing import TYPE_CHECKING

from creditindex import opening
from creditindex.documents import Documents
from creditindex.follow import Follower
from creditregister import changesfeed, checkpoint, kinds
from creditregister.opening import open_register
from creditsite import logs

if TYPE_CHECKING:
    from creditregister.opening import Register

log = logging.getLogger(__name__)

#: Seconds between two looks whether the ledger has grown past what was signed.
SIGN_EVERY = 10.0


def main() -> None:
    """Work until told to stop."""
    logs.configure()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    register = open_register()
    signer = threading.Thread(target=sign, args=(register, stop), name="signer")
    signer.start()
    known = kinds.load()
    Follower(register, opening.reader(register.settings, known), Documents(known)).run(stop)
    signer.join()


def sign(register: Register, stop: threading.Event) -> None:
    """Sign the ledger's head and what re-users are told of it; a failure is said once and tried again."""
    said = ""
    while not stop.is_set():
        try:
            more = sign_once(register)
            said = ""
        except Exception as error:  # noqa: BLE001 -- the signer outlives a full disk or a lost database
            if str(error) != said:
                log.error("Nothing was signed: %s: %s", type(error).__name__, error)  # noqa: TRY400 -- the message says all
            said, more = str(error), False
        stop.wait(0 if more else SIGN_EVERY)


def sign_once(register: Register) -> bool:
    """Sign what is new; whether there is more of the changes feed to write."""
    with register.store.read() as connection:
        checkpoint.renew(connection, register.settings, register.keys)
        now = register.clock.now()
        written = changesfeed.renew(connection, register.settings, register.keys, now)
    return written == changesfeed.AT_ONCE


if __name__ == "__main__":
    main()
