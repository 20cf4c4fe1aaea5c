"""Programs under measurement: started on a free port, watched through /proc, stopped again."""

import atexit
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

START_TIMEOUT = 60  # seconds after which a start has failed
FOLDER = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A program that listens, with all of its processes. It ends with this one."""

    def __init__(self, name, command, address, folder, **options):
        self.name, self.command, self.address = name, list(map(str, command)), address
        self.log, self.options = Path(folder) / f"{name.replace(' ', '-')}.log", options
        self.process = None

    def start(self):
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self.options)
        atexit.register(self.process.kill)
        return self

    def serve(self):
        """Starts it and waits until it accepts connections."""
        self.start()
        self.wait_until(self.accepts)
        return self

    def wait_until(self, done, pause=0.02):
        began = time.monotonic()
        while not done():
            if self.process.poll() is not None or time.monotonic() - began > START_TIMEOUT:
                sys.exit(f"{self.name} does not start:\n{self.log.read_text()}")
            time.sleep(pause)

    def accepts(self):
        host, port = self.address.split(":")
        try:
            socket.create_connection((host, int(port)), 1).close()
        except OSError:
            return False
        return True

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(START_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def cpu(self):
        """Seconds of CPU so far: user and system, of all threads and processes, ended ones too."""
        return sum(cpu_ticks(pid) for pid in tree(self.process.pid)) / TICKS

    def memory(self):
        """Resident megabytes (2^20 bytes)."""
        return self.kilobytes("status", "VmRSS") / 1024

    def peak_memory(self):
        """Highest resident megabytes so far; pages that its processes share are counted once."""
        shared = self.kilobytes("smaps_rollup", "Rss") - self.kilobytes("smaps_rollup", "Pss")
        return (self.kilobytes("status", "VmHWM") - shared) / 1024

    def forget_peak(self):
        """The peak is from now on (proc(5), clear_refs)."""
        for pid in tree(self.process.pid):
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def kilobytes(self, file, field):
        return sum(kilobytes(pid, file, field) for pid in tree(self.process.pid))


class Program:
    """A program of the bench's own. It prints a line when it is ready and ends when its input ends."""

    def __init__(self, command, **options):
        self.process = subprocess.Popen(
            list(map(str, command)), cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, **options)
        self.line = self.process.stdout.readline().strip()
        if not self.line:
            sys.exit(f"{self.process.args} does not start")

    def stop(self):
        """What it prints at its end."""
        return self.process.communicate()[0]


def tree(pid):
    """A process and all below it."""
    pids = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            pids += tree(int(child))
    return pids


def cpu_ticks(pid):
    """utime, stime, and those of children that ended (proc(5), /proc/pid/stat 14 to 17)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15]))


def kilobytes(pid, file, field):
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    return 0


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def make_certificate(folder):
    """certificate.pem and key.pem for 127.0.0.1, ECDSA P-256."""
    command = f"""openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1
        -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1
        -out {folder}/certificate.pem -keyout {folder}/key.pem"""
    subprocess.run(command.split(), check=True, capture_output=True)
