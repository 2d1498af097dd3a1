"""The first day of the tutorial, command by command, as it is printed."""

import json
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "first-day.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_command_of_the_first_day_works(tmp_path: Path) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) > 3
    script = f'comptoir() {{ "{sys.executable}" -m comptoir "$@"; }}\nset -e\n' + "".join(blocks)
    run = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "product.created" in run.stdout or "product.imported" in run.stdout, run.stdout
    assert "balance" in run.stdout
    products = (tmp_path / "everything" / "products.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["name"] for line in products] == ["Mr Sparkle", "Duff Beer"]
