"""Measures how long the window takes from the start of the process until it is shown with its first
paint, beside an empty Tauri window, in turns. Run through window.sh, which gives it a display."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 12
BAR = 1.3
LINE = b"the window is shown"


def start(program, data):
    environment = dict(
        os.environ,
        FEDERATION_CONNECTORS_DATA_DIR=data,
        FEDERATION_CONNECTORS_LOG="info",
        WEBKIT_DISABLE_DMABUF_RENDERER="1",
    )
    begun = time.monotonic()
    process = subprocess.Popen(
        [program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        for line in process.stdout:
            if LINE in line:
                return (time.monotonic() - begun) * 1000
        sys.exit(f"{program} ended without showing its window")
    finally:
        process.terminate()
        process.wait()


def main():
    app, empty = sys.argv[1:3]
    times = {"app": [], "empty": []}
    with tempfile.TemporaryDirectory() as data:
        for number in range(ROUNDS + 1):
            for name, program in (("empty", empty), ("app", app)):
                taken = start(program, data)
                if number:  # The first of each warms the disk cache.
                    times[name].append(taken)
    app_ms, empty_ms = (statistics.median(times[name]) for name in ("app", "empty"))
    ratio = app_ms / empty_ms
    print(f"window shown: app {app_ms:.0f} ms, empty {empty_ms:.0f} ms, ratio {ratio:.2f} (bar {BAR})")
    print("PASS" if ratio <= BAR else "FAIL")
    sys.exit(0 if ratio <= BAR else 1)


main()
