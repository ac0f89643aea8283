"""Find the browser that the page tests drive, and install it where that takes no question."""

import os
import shutil
import subprocess
import sys

#: Chromium without the browser's own windows around the pages, as Debian ships it: the same pages for two
#: thirds of the processor's time.
_SHELL = "chromium-headless-shell"
#: The names under which Debian, Fedora, macOS package managers and Google ship it, the preferred one first.
_NAMES = (_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def main() -> int:
    """Install the headless Chromium on a Debian where we are root and have none; elsewhere say how to."""
    if shutil.which(_SHELL):
        return 0
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        if find_browser() is None:
            print("No Chromium found: the browser tests will be skipped. Install it to run them too.")
        return 0
    print("Installing a headless Chromium for the browser tests (once).")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    # Older Debians have it in the package of the whole browser only.
    ways = ([_SHELL], ["chromium"]) if find_browser() is None else ([_SHELL],)
    apt = ["apt-get", "--option", "Acquire::http::Timeout=15"]
    subprocess.run([*apt, "update"], env=environment, check=False, capture_output=True)
    for names in ways:
        command = [*apt, "install", "--yes", *names, "fonts-liberation"]
        if subprocess.run(command, env=environment, check=False, capture_output=True).returncode == 0:
            return 0
    found = find_browser()
    fate = f"{found} serves instead" if found else "the browser tests will be skipped"
    print(f"The headless Chromium could not be installed: {fate}.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
