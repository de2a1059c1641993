"""Measures how long the window takes from the start of its process until it is painted, and how much memory
it holds then, beside the smallest Tauri app, in turns. Run through window.sh, which gives it a display.

What is painted is read from the screen itself: Xvfb keeps its pixels in a file. The screen is black, a window
without its page has one colour, and a page is there when a second colour is."""

import array
import mmap
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib

ROUNDS = int(os.environ.get("FC_BENCH_RUNS", "12"))
WARM_UPS = 2
BAR = 1.3
LINE = b"the window is shown"
LIMIT = 20  # seconds for one start
GLANCE = 0.001  # seconds between two looks at the screen
CALM = 1.5  # seconds without a change until the memory is read
NOTHING = frozenset([0])


class Screen:
    """The pixels of the display, every 16th row of them."""

    def __init__(self, folder):
        with open(os.path.join(folder, "Xvfb_screen0"), "rb") as file:
            self.map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        # The head of an X window dump: numbers of 32 bits, the highest byte first.
        head = struct.unpack(">25I", self.map[:100])
        size, self.height, self.stride, colours = head[0], head[5], head[12], head[19]
        self.start = size + colours * 12

    def look(self):
        rows = range(self.start, self.start + self.height * self.stride, 16 * self.stride)
        return b"".join(self.map[row : row + self.stride] for row in rows)

    @staticmethod
    def colours(pixels):
        return frozenset(pixel & 0xFFFFFF for pixel in array.array("I", pixels))


def children():
    """Every process by its parent."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        found.setdefault(parent, []).append(int(name))
    return found


def tree(pid):
    found, every = [pid], children()
    for one in found:
        found.extend(every.get(one, []))
    return found


def memory(pids):
    """The proportional share of these processes in MiB: what they share counts once."""
    kib = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                kib += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except OSError:
            continue
    return kib / 1024


def work(pids):
    """The processor time of these processes in milliseconds: a busy machine makes it no longer."""
    nanoseconds = 0
    for pid in pids:
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/schedstat") as file:
                    nanoseconds += int(file.read().split()[0])
        except OSError:
            continue
    return nanoseconds / 1e6


def start(program, data, screen):
    """One start: milliseconds until each moment, and the memory when nothing changes any more."""
    environment = dict(os.environ, FEDERATION_CONNECTORS_DATA_DIR=data, FEDERATION_CONNECTORS_LOG="info")
    before = screen.look()
    if screen.colours(before) != NOTHING:
        sys.exit("the screen is not empty before a start")
    seen = {}
    begun = time.monotonic()
    process = subprocess.Popen([program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def listen():
        for line in process.stdout:
            if LINE in line:
                seen.setdefault("told", (time.monotonic() - begun) * 1000)

    threading.Thread(target=listen, daemon=True).start()
    pids = [process.pid]
    try:
        mark, changed = zlib.crc32(before), begun
        while time.monotonic() - begun < LIMIT:
            pixels, now = screen.look(), time.monotonic()
            if (found := zlib.crc32(pixels)) != mark:
                mark, changed = found, now
                colours = len(screen.colours(pixels) - NOTHING)
                if os.environ.get("FC_BENCH_TRACE"):
                    print(f"  {(now - begun) * 1000:7.1f} ms: {colours} colours", file=sys.stderr)
                if colours > 0:
                    seen.setdefault("mapped", (now - begun) * 1000)
                if colours > 1:
                    seen.setdefault("painted", (now - begun) * 1000)
                    seen["settled"] = (now - begun) * 1000
            if len(seen) == 4 and now - changed > CALM:
                pids = tree(process.pid)
                seen["memory"] = memory(pids)
                seen["work"] = work(pids)
                return seen
            if process.poll() is not None:
                sys.exit(f"{program} ended without showing its window")
            time.sleep(GLANCE)
        sys.exit(f"{program} did not paint its window within {LIMIT} s: {seen}")
    finally:
        pids = tree(process.pid)
        process.terminate()
        process.wait()
        # Its helpers end with it; the next start must not share the machine with them.
        while any(os.path.exists(f"/proc/{pid}") for pid in pids) or screen.look() != before:
            time.sleep(0.02)


WHAT = {
    "told": "window told to be shown, ms",
    "mapped": "window on the screen, ms",
    "painted": "page on the screen, ms",
    "settled": "last change on the screen, ms",
    "work": "processor time of all, ms",
    "memory": "memory when painted, MiB",
}
BARRED = ("painted", "memory")


def main():
    programs = dict(zip(("empty", "app"), (sys.argv[2], sys.argv[1])))
    screen = Screen(os.environ["FC_BENCH_SCREEN"])
    seen = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as data:
        for number in range(WARM_UPS + ROUNDS):
            for name, program in programs.items():
                found = start(program, data, screen)
                if number >= WARM_UPS:
                    seen[name].append(found)
    held = True
    print(f"{ROUNDS} starts of each, in turns{'':<12} {'best':>7} {'median':>7} {'p95':>7} {'ratio':>6}")
    for key, what in WHAT.items():
        medians = {}
        for name in programs:
            values = sorted(found[key] for found in seen[name])
            medians[name] = statistics.median(values)
            p95 = values[min(len(values) - 1, int(len(values) * 0.95))]
            ratio = f"{medians['app'] / medians['empty']:6.2f}" if name == "app" else ""
            print(f"{what:<31} {name:<6} {values[0]:7.0f} {medians[name]:7.0f} {p95:7.0f} {ratio}")
        if key in BARRED:
            fits = medians["app"] / medians["empty"] <= BAR
            held = held and fits
            print(f"{'':<31} {'PASS' if fits else 'FAIL'} (bar {BAR})")
    sys.exit(0 if held else 1)


main()
