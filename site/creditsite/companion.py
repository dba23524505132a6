"""The process beside the site: follows the ledger into the index, and signs new checkpoints of the log."""

from __future__ import annotations

import logging
import signal
import threading
from typing import TYPE_CHECKING

from creditindex import opening
from creditindex.documents import Documents
from creditindex.follow import Follower
from creditregister import checkpoint, kinds
from creditregister.opening import open_register
from creditsite import logs

if TYPE_CHECKING:
    from creditregister.opening import Register

log = logging.getLogger(__name__)

#: Seconds between two looks whether the ledger has grown past the last checkpoint.
SIGN_EVERY = 10.0


def main() -> None:
    """Work until told to stop."""
    logs.configure()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    register = open_register()
    signer = threading.Thread(target=sign, args=(register, stop), name="checkpoint")
    signer.start()
    known = kinds.load()
    Follower(register, opening.reader(register.settings, known), Documents(known)).run(stop)
    signer.join()


def sign(register: Register, stop: threading.Event) -> None:
    """Sign the ledger's head whenever it has grown; a failure is said once and tried again."""
    said = ""
    while not stop.is_set():
        try:
            with register.store.read() as connection:
                checkpoint.renew(connection, register.settings, register.keys)
            said = ""
        except Exception as error:  # noqa: BLE001 -- the signer outlives a full disk or a lost database
            if str(error) != said:
                log.error("No checkpoint was signed: %s: %s", type(error).__name__, error)  # noqa: TRY400 -- the message says all
            said = str(error)
        stop.wait(SIGN_EVERY)


if __name__ == "__main__":
    main()
