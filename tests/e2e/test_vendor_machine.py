"""A machine given over to the vendor's names: its hosts file, port 443 and the printed trust, and nothing else.

It is a network of its own, with a hosts file of its own, so that the real machine is left as it is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import Installation, command, environment
from tests.e2e.documented_shop import OPTIONS, SELLER
from tests.e2e.node_client import INSTALLED, node

pytestmark = pytest.mark.e2e

# Its processes are its own, too: when the first one is killed, none is left.
UNSHARE = ["unshare", "--net", "--mount", "--pid", "--kill-child"]
LOOPBACK_UP = """
import fcntl, socket, struct
with socket.socket() as any:
    fcntl.ioctl(any, 0x8914, struct.pack("16sh", b"lo", 0x41))  # SIOCSIFFLAGS: up and running
"""
PROGRAM = """
const Twocheckout = require("2checkout-node");
new Twocheckout(JSON.parse(process.argv[1])).account.company((error, data) => {
    console.log(error ? error.message : data.vendor_company_info.vendor_id);
});
"""
SCRIPT = """
"$PYTHON" -c "$LOOPBACK_UP"
printf "127.0.0.1 localhost\\n" > hosts
mount --bind hosts /etc/hosts
$COMPTOIR vendor-hosts --write /etc/hosts
$COMPTOIR serve --vendor-hosts > served 2>&1 &
server=$!
trust=$($COMPTOIR vendor-hosts --trust node)
eval "$trust"
for attempt in $(seq 100); do
    "$PYTHON" -c 'import socket; socket.create_connection(("www.2checkout.com", 443)).close()' 2>tried && break
    sleep 0.1
done
node --no-deprecation -e "$PROGRAM" "$OPTIONS"
$COMPTOIR vendor-hosts --remove /etc/hosts
kill $server
wait $server
"""


@pytest.fixture
def machine(installation: Installation, documented: str) -> Installation:
    node()
    tried = subprocess.run([*UNSHARE, "true"], check=False, capture_output=True)
    if tried.returncode:
        pytest.skip("only root can make a network of its own")
    return installation


def test_an_unmodified_client_needs_the_hosts_file_and_trust_alone(machine: Installation) -> None:
    before = Path("/etc/hosts").read_bytes()
    done = subprocess.run(
        [*UNSHARE, "bash", "-euc", SCRIPT],
        cwd=machine.folder,
        env=environment() | {
            "PYTHON": sys.executable, "COMPTOIR": " ".join(command()), "LOOPBACK_UP": LOOPBACK_UP,
            "PROGRAM": PROGRAM, "OPTIONS": json.dumps(OPTIONS), "NODE_PATH": str(INSTALLED),
        },
        check=False, capture_output=True, text=True, timeout=90,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + (machine.folder / "served").read_text()
    assert done.stdout.splitlines() == [
        "/etc/hosts leads the vendors' names to this machine.",
        str(SELLER),
        "/etc/hosts has the lines no more.",
    ]
    assert Path("/etc/hosts").read_bytes() == before
