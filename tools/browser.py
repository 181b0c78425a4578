"""See to the browser and the Chinese fonts that the journeys need: Debian's chromium and fonts-noto-cjk.

Installs them where that is allowed (root, or sudo without a password); elsewhere says what is missing.
With YIKA_BROWSER=required, as in CI, going without is an error.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def missing() -> list[str]:
    """The Debian packages that are not there."""
    found = []
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        found.append("chromium")
    if not any(Path("/usr/share/fonts").rglob("*CJK*")):
        found.append("fonts-noto-cjk")
    return found


def leave_to_install() -> list[str] | None:
    """What goes before apt-get; None where there is no apt or no right to use it."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def install(packages: list[str], before: list[str]) -> None:
    """Let apt bring them; a failure is seen by what is still missing."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = ["-qq", "-o=Dpkg::Use-Pty=0"]
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run([*before, "apt-get", *quiet, *arguments], check=False, env=environment)


def main() -> int:
    """1 only when a browser is required and there is none."""
    before = leave_to_install()
    if (wanted := missing()) and before is not None:
        print(f"installing {' '.join(wanted)} …", flush=True)
        install(wanted, before)
    if not (wanted := missing()):
        return 0
    rule = "!" * 78
    print(f"{rule}\n没有浏览器或中文字体，浏览器流程测试未运行。 / NO BROWSER: THE JOURNEYS ARE NOT RUN.")
    print(f"    apt install {' '.join(wanted)}\n{rule}", flush=True)
    return int(os.environ.get("YIKA_BROWSER") == "required")


if __name__ == "__main__":
    sys.exit(main())
