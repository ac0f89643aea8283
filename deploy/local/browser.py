"""Find the browser that the page tests drive, and install it where that takes no question."""

import os
import shutil
import subprocess
import sys

#: The names under which Debian, Fedora, macOS package managers and Google ship it.
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """Install Chromium on a Debian where we are root and there is none; elsewhere say how to."""
    if find_browser():
        return 0
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        print("No Chromium found: the browser tests will be skipped. Install it to run them too.")
        return 0
    print("Installing Chromium for the browser tests (once).")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "--yes", "chromium", "fonts-liberation"]):
        done = subprocess.run(command, env=environment, check=False, capture_output=True)
        if done.returncode:
            print("Chromium could not be installed: the browser tests will be skipped.", file=sys.stderr)
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
