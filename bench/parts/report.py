"""What was measured, as text."""

import os
import platform
import statistics
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .answers import RATE as ANSWERS_RATE
from .answers import Answers
from .comparison import SIZES
from .files import BYTES, FILES, Files
from .hosted import CUSTOMERS, DELAY, Hosted
from .load import CONNECTIONS, THREADS
from .jsm import THREADS as JSM_THREADS
from .logins import AT_ONCE, Logins
from .overload import ELSEWHERE, LONG_ENOUGH, NEW, RATE
from .sessions import Sessions

ORDER = ["gate", "bare pingora", "nginx", "Apache"]


@dataclass
class Results:
    """What the parts found; None where a part did not run."""
    binary: Path
    rounds: int
    seconds: int
    starts: int
    pages: dict = None
    redirects: dict = None
    rewriting: dict = None
    logins: Logins = None
    idle: dict = None
    sessions: Sessions = None
    start: list = None
    overload: list = None
    hosted: Hosted = None
    files: Files = None
    answers: Answers = None


def render(results):
    chapters = [HEAD, targets(results)]
    if results.pages:
        for size in SIZES:
            chapters += [f"## Pages of {size}\n", pages(results.pages, size)]
        chapters += ["## Redirects of who has not logged in\n",
                     table(MEASURED, [row(name, found) for name, found in results.redirects.items()])]
    if results.rewriting:
        chapters += ["## Rewriting bodies\n", rewriting(results.rewriting)]
    chapters += ["## All by itself\n", alone(results)]
    for heading, chapter in chapters_of_their_own(results):
        chapters += [f"{heading}\n", chapter]
    chapters += ["## Method\n", method(results)]
    return "\n".join(chapters) + notes()


MEASURED = ["", "requests/s", "p50 ms", "p99 ms", "CPU µs a request", "peak memory MB"]


def pages(found, size):
    names = [name for name in ORDER] + ["the upstream itself"] + [f"{name} TLS" for name in ORDER]
    return table(MEASURED, [row(name, found[size, name]) for name in names])


def row(name, it):
    return [name, f"{it.rate:,.0f}", f"{it.p50:.2f}", f"{it.p99:.2f}", f"{it.cpu:.1f}",
            f"{it.peak:.1f}"]


def rewriting(found):
    rows = [[f"{name} {about}".strip(), f"{it.bytes / 2**20:,.0f}",
             f"{it.cpu * it.rate / it.bytes * 2**20 / 1000:.2f}", f"{it.peak:.1f}"]
            for (name, about), it in found.items()]
    return table(["", "MB/s", "CPU ms a MB", "peak memory MB"], rows)


def targets(results):
    """What the project wants to reach, as ratios within this run."""
    rows = []
    for size in SIZES if results.pages else []:
        for tls in ("", " TLS"):
            gate = results.pages[size, f"gate{tls}"]
            for peer, wanted in PEERS:
                ratio = ratio_of(gate, results.pages[size, peer + tls])
                rows.append([f"CPU a request, {size}{tls}, beside {peer}", ratio, wanted])
    if results.rewriting:
        rate = {name: it.bytes / (it.cpu * it.rate) for name, it in results.rewriting.items()}
        for about in dict.fromkeys(about for _, about in rate):
            what = f"MB rewritten a CPU second {about}".strip() + ", beside nginx sub_filter"
            rows.append(
                [what, f"{rate['gate', about] / rate['nginx', about]:.2f}", "at least 1"])
    if results.sessions:
        it = results.sessions
        rows += [["memory of 100,000 sessions", f"{it.memory:.0f} MB", "under 100 MB"],
                 ["start to ready with a million sessions", f"{it.start:.0f} ms", "under 1,000 ms"],
                 ["CPU a request, 2 KB, with a million sessions, beside one",
                  ratio_of(it.million, it.one), "1"]]
    if results.start:
        starts, idles = zip(*results.start)
        rows.append(["start to ready", f"{statistics.median(starts):.0f} ms", "under 300 ms"])
        rows.append(["idle memory", f"{statistics.median(idles):.1f} MB", "under 24 MB"])
    return table(["", "measured", "target"], rows)


def ratio_of(one, other):
    """Of CPU a request: the median of the rounds, each compared within itself, and their range."""
    ratios = [a / b for a, b in zip(one.cpus, other.cpus)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


PEERS = [("bare pingora", "at most 1.05"), ("Apache", "at most 0.25"), ("nginx", "near 1")]


def alone(results):
    rows = []
    if results.logins:
        it = results.logins
        rows.append([f"{it.count:,} logins from page to page, {AT_ONCE} at once, none failed",
                     f"{it.rate:.0f} a second; {it.cpu:.1f} ms of the gate's CPU each; "
                     f"memory {it.before:.0f} MB after the first thousand, {it.after:.0f} at the end"])
    for name, kilobytes in (results.idle or {}).items():
        rows.append([f"an idle connection of 10,000, {name}", f"{kilobytes:.1f} KB"])
    if results.sessions:
        it = results.sessions
        rows += [["100,000 sessions, each with an ID token of 1200 bytes and 5 groups",
                  f"{it.memory:.0f} MB"],
                 ["a million sessions, begun with 2,000 at once", f"{it.begun:,.0f} a second"],
                 ["a gate with a million, when it is ready", f"{it.idle:.1f} MB"]]
    if results.start:
        starts, idles = zip(*results.start)
        rows.append(["start to ready, with a stored directory",
                     f"{statistics.median(starts):.0f} ms, at worst {max(starts):.0f}"])
        rows.append(["idle memory (resident)",
                     f"{statistics.median(idles):.1f} MB, at worst {max(idles):.1f}"])
    return table(["what", "measured"], rows)


def overload(results):
    rows = [[f"{it.count:,} {it.what}", f"{it.peace:.1f}", f"{it.under:.1f}", f"{it.bound:.0f}",
             str(it.failed), f"{it.peak:.0f}", str(it.threads), counts(it.answers)]
            for it in results.overload]
    head = ["one customer has", "p99 ms of another, in peace", "meanwhile", "at most", "failed",
            "gate's peak memory MB, under 200", "JSM's threads busy", "the attacker was answered"]
    return table(head, rows) + "\n" + OVERLOAD.format(
        today=date.today(), commit=said_by("git", "rev-parse", "--short", "HEAD"),
        jsm=JSM_THREADS, rounds=results.rounds, seconds=max(results.seconds, LONG_ENOUGH),
        rate=RATE, new=NEW, elsewhere=ELSEWHERE)


def counts(counted):
    return ", ".join(f"{count:,} × {what}" for what, count in sorted(counted.items()))


def hosted(results):
    it = results.hosted
    rows = [["pages, failed", f"{it.pages:,}, {it.failed}", "none failed"],
            ["p50, p95", f"{it.p50:.0f} ms, {it.p95:.0f} ms", "p95 under 400 ms"],
            ["the gate's CPU a page", f"{it.cpu:.2f} ms", "under 2 ms"],
            ["peak memory", f"{it.memory:.0f} MB", ""]]
    return table(["", "measured", "target"], rows) + "\n" + HOSTED.format(
        today=date.today(), commit=said_by("git", "rev-parse", "--short", "HEAD"),
        customers=CUSTOMERS, delay=DELAY)


def files(results):
    it = results.files
    rows = [["files that failed", str(it.failed), "none"],
            ["up: memory at most, and how much more than before",
             f"{it.up:.0f} MB, {it.up - it.idle:.1f} MB", "16 MB more"],
            ["down: the same", f"{it.down:.0f} MB, {it.down - it.idle:.1f} MB", "16 MB more"],
            ["seconds up, down", f"{it.up_took:.1f}, {it.down_took:.1f}", ""]]
    return table(["", "measured", "target"], rows) + "\n" + FILES_OF_REQUESTS.format(
        today=date.today(), commit=said_by("git", "rev-parse", "--short", "HEAD"),
        files=FILES, size=BYTES // 1_000_000)


def answers(results):
    it = results.answers
    rows = [["answers given, failed", f"{it.given:,}, {it.failed}", "none failed"],
            ["the gate's CPU an answer", f"{it.cpu:.1f} ms", "under 8 ms"],
            ["another customer's p99, alone", f"{it.peace:.1f} ms", ""],
            [f"the same, beside {ANSWERS_RATE} answers a second", f"{it.beside:.1f} ms",
             f"at most {2 * it.peace:.1f} ms"]]
    return table(["", "measured", "target"], rows) + "\n" + ANSWERS.format(
        today=date.today(), commit=said_by("git", "rev-parse", "--short", "HEAD"),
        rounds=results.rounds, seconds=results.seconds, rate=RATE, answers=ANSWERS_RATE)


def chapters_of_their_own(results):
    """What can be measured by itself and put into the report of an earlier run."""
    if results.overload:
        yield UNDER_ATTACK, overload(results)
    if results.hosted:
        yield HOSTED_PORTALS, hosted(results)
    if results.files:
        yield LARGE_FILES, files(results)
    if results.answers:
        yield SAML_ANSWERS, answers(results)


def with_chapters(text, results):
    """A report of an earlier run, with the chapters of this one in it."""
    for heading, chapter in chapters_of_their_own(results):
        if heading not in text:
            text = text.replace("## Method\n", f"{heading}\n\n## Method\n", 1)
        before, _, rest = text.partition(f"{heading}\n")
        _, next_heading, after = rest.partition("## ")
        text = f"{before}{heading}\n\n{chapter}\n{next_heading}{after}"
    return text


def table(head, rows):
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "".join("| " + " | ".join(cells) + " |\n" for cells in [head, rule, *rows])


def method(results):
    return METHOD.format(
        today=date.today(), version=said_by(results.binary, "--version"),
        commit=said_by("git", "rev-parse", "--short", "HEAD"), rust=said_by("rustc", "--version"),
        nginx=said_by("nginx", "-v"), apache=said_by("apache2", "-v").splitlines()[0],
        openidc=said_by("dpkg-query", "-W", "-f", "${Version}", "libapache2-mod-auth-openidc"),
        wrk=said_by("dpkg-query", "-W", "-f", "${Version}", "wrk"), kernel=platform.release(),
        cpu=cpu(), cores=os.cpu_count(), rounds=results.rounds, seconds=results.seconds,
        starts=results.starts, connections=CONNECTIONS, threads=THREADS)


def notes():
    """What no run finds out: where the time goes, and what was tried."""
    path = Path(__file__).parents[1] / "NOTES.md"
    return "\n" + path.read_text() if path.exists() else ""


def said_by(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return (done.stdout or done.stderr).strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def cpu():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


UNDER_ATTACK = "## Under attack"
HOSTED_PORTALS = "## Hosted portals"
LARGE_FILES = "## Files at hosted portals"
SAML_ANSWERS = "## Answers to SAML service providers"

ANSWERS = """Measured on {today} at commit {commit}, by itself. A customer who is logged in opens a service provider {answers} times a second;
each answer has two signatures of 3,072 bits. Another customer asks for {rate} pages of 2 KB a second, with TLS, for {seconds} s alone and
beside the answers, {rounds} times in turn; medians of the 99th percentile, counted from when a request was due.
"""

HOSTED = """Measured on {today} at commit {commit}, by itself. {customers} customers of a Cloud site are logged in, and each opens a page every five
seconds: home, requests, a request, a form. The stand-in JSM takes {delay} ms for each answer. The time counts until the page is whole.
"""

FILES_OF_REQUESTS = """Measured on {today} at commit {commit}, by itself. {files} customers of a Cloud site reply with a file of {size} MB each, all at
once; then each reads theirs, all at once. JSM is the stand-in, which keeps none of them; everything shares the machine.
"""

OVERLOAD = """Measured on {today} at commit {commit}, by itself.

- **The attacker** is one customer who is logged in, from one address. Of a body of 10 MB the first 64 KB come at once, so that JSM is
  asked, then a byte a second; a reader takes 1 KB a second; a window is never opened. What is answered to the end is asked again 5
  seconds later.
- **Another customer** asks from {elsewhere} for {rate} pages of 2 KB a second, every {new} on a new connection, with TLS. The time counts from
  when a request was due. The 99th percentile over {seconds} s, in peace and when all requests of the attack are under way, {rounds}
  times in turn; medians.
- **The gate** has the limits it has by itself: 300 requests a customer, 64 turns at JSM. **JSM** is a stand-in with {jsm} threads; one is
  busy from the head of a request to the last byte of its answer.
"""

HEAD = """# Measured

Written by `make bench`; run it on your machine for figures of your own. Ratios are within one run.
"""

METHOD = """- **When and what**: {today}, {version}, commit {commit}, {rust}, release profile, with the
  allocator of the release build in gate and bare pingora.
- **Where**: {cpu}, {cores} cores, Linux {kernel}; load, proxies and upstream share the machine.
- **Beside**: {nginx}; {apache} (event) with mod_auth_openidc {openidc}, logged in at npm's
  oidc-provider; `bench/bare`, a pingora with the gate's listener, runtime and upstream settings
  that only forwards. All forward to the same nginx, which serves files.
- **Pages**: wrk {wrk}, {threads} threads, {connections} connections, HTTP/1.1 keep-alive. Each
  server in turn for {seconds} s, {rounds} times over, after a warm-up; medians. Ratios are
  of one round each, with the smallest and the largest in brackets. All get the same
  requests, with the cookie of a session. The gate and Apache check it on every request and tell the
  upstream the customer's address; bare pingora and nginx hand it on. Access logs are off: in nginx
  and Apache by `access_log off` or none, in the gate by `[log] level = "warn"`.
- **Rewriting**: a page of 1 MB with a link to its own site in every tenth line, also of a JSM below a
  context path, which stays; nginx replaces the same addresses.
- **CPU** is user and system time of all of a server's threads and processes, from
  `/proc/PID/stat`, so it does not depend on what else the machine does; the load's and the
  upstream's own time are not in it. **Peak memory** is `VmHWM` over all processes, pages they share
  counted once.
- **Starts**: {starts}, one after another, with TLS, one provider and 60 portals stored by an
  earlier start. Start is from spawning the process to the first 200 of `/readyz`; idle memory is
  `VmRSS` 3 s later. 1 MB is 2^20 bytes.
"""
