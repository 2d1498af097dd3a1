"""Serves the floor on Granian, set up as `comptoir serve` sets it up."""

import os
import sys
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces

from bench.facts import THREADS

ADDRESS, KIND = "BENCH_ADDRESS", "BENCH_FLOOR"


def floor() -> Any:
    """The bare callable."""
    from bench.banking_floor import BankFloor  # noqa: PLC0415
    from bench.console_floor import PageFloor  # noqa: PLC0415
    from bench.floor import Floor  # noqa: PLC0415
    from bench.vendor_floor import VendorFloor  # noqa: PLC0415

    kind = {"coredna": Floor, "twocheckout": VendorFloor, "corepro": BankFloor, "console": PageFloor}[
        os.environ[KIND]
    ]
    return kind(os.environ[ADDRESS])


def main() -> None:
    """Serve on a port of this machine."""
    Granian(
        "bench.serving:floor",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        websockets=False,
        factory=True,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main()
