from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.e2e.conftest import Installation, environment
from tests.e2e.doors import Doors, begin

pytestmark = pytest.mark.e2e


@pytest.fixture
def doors(installation: Installation) -> Doors:
    return begin(installation, installation.run("init")["key"])


JAVA = """
public class Asks {
    public static void main(String[] words) throws Exception {
        var asked = (java.net.HttpURLConnection) new java.net.URL(words[0]).openConnection();
        System.out.println(new String(asked.getInputStream().readAllBytes()));
    }
}
"""
PYTHON = """
import socket, ssl, sys
plain = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
tls = ssl.create_default_context().wrap_socket(plain, server_hostname="www.2checkout.com")
tls.sendall(b"GET /healthz HTTP/1.0\\r\\n\\r\\n")
print(b"".join(iter(lambda: tls.recv(4096), b"")).decode())
"""
NODE = """
const at = { host: "127.0.0.1", port: process.argv[1], servername: "www.2checkout.com", path: "/healthz" };
require("https").get(at, (answer) => answer.pipe(process.stdout));
"""
RUBY = """
require "net/http"
http = Net::HTTP.new("www.2checkout.com", ARGV[0].to_i)
http.ipaddr = "127.0.0.1"
http.use_ssl = true
puts http.get("/healthz").body
"""
PHP = """<?php
$asks = curl_init("https://www.2checkout.com:$argv[1]/healthz");
curl_setopt($asks, CURLOPT_RESOLVE, ["www.2checkout.com:$argv[1]:127.0.0.1"]);
curl_exec($asks);
echo curl_error($asks);
"""
PERL = """
use LWP::UserAgent;
my $name = "www.2checkout.com";
my $client = LWP::UserAgent->new(ssl_opts => { SSL_verifycn_name => $name, SSL_hostname => $name });
my $answer = $client->get("https://127.0.0.1:$ARGV[0]/healthz");
print $answer->decoded_content;
"""
# What runs after the printed lines; the line that starts a program of the reader's own becomes that program.
PROGRAMS = {
    "python": ("asks.py", PYTHON, f"{sys.executable} asks.py $PORT"),
    "node": ("asks.js", NODE, 'node -e "$(cat asks.js)" $PORT'),
    "ruby": ("asks.rb", RUBY, "ruby asks.rb $PORT"),
    "php": ("your-script.php", PHP, "php {options} your-script.php $PORT"),
    "perl": ("asks.pl", PERL, "perl asks.pl $PORT"),
    "java": (
        "Asks.java",
        JAVA,
        "java -Djdk.net.hosts.file=hosts {options} Asks.java https://www.2checkout.com:$PORT/healthz",
    ),
    "curl": (
        "none",
        "",
        "curl -sS --resolve www.2checkout.com:$PORT:127.0.0.1 https://www.2checkout.com:$PORT/healthz",
    ),
}


@pytest.mark.parametrize("language", PROGRAMS)
def test_what_is_printed_makes_a_real_client_trust(
    doors: Doors, installation: Installation, language: str
) -> None:
    if shutil.which(language) is None and language != "python":
        pytest.skip(f"{language} is not installed")
    if (
        language == "perl"
        and subprocess.run(
            ["perl", "-MLWP::Protocol::https", "-e1"], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("perl has no LWP::Protocol::https")
    file, program, run = PROGRAMS[language]
    (installation.folder / file).write_text(program)
    installation.run("vendor-hosts", "--write", "hosts")
    *lines, last = installation.run("vendor-hosts", "--trust", language)["trust"][language]
    if "{options}" in run:
        options = [word for word in last.split() if word.startswith(("-D", "-d", "curl.", "openssl."))]
    else:
        options, lines = [], [*lines, last]

    def asked(*script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euc", "\n".join(script)],
            cwd=installation.folder,
            env=environment() | {"PORT": str(doors.port)},
            check=False, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    told = asked(*lines, run.format(options=" ".join(options)))
    assert '{"status": "ok"}' in told.stdout, told.stderr
    untold = asked(run.format(options=""))
    assert "ok" not in untold.stdout
    assert "certif" in (untold.stdout + untold.stderr).lower(), untold
