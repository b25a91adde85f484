"""What the tests of the packages share: the packages themselves, and the count of what passed."""

import glob
import os
import re
import shutil
import subprocess
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
SRC = os.environ.get("MISH_SRCDIR", os.path.dirname(os.path.dirname(HERE)))
BUILD = os.environ.get("MISH_BUILDDIR", SRC)
sys.path.insert(0, os.path.join(SRC, "tests/cluster"))

from mishtest import PROTOCOL, Failure  # noqa: E402: the path comes first

NAMES = ("mish", "mish-controller")


def run(*args, **kw):
    """A program that must succeed; what it printed."""
    r = subprocess.run(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       text=True, errors="replace", **kw)
    if r.returncode != 0:
        raise Failure("%s: status %d\n%s" % (" ".join(args), r.returncode, r.stdout[-3000:]))
    return r.stdout


def need(*packages):
    """Debian packages that the test itself needs; they are installed as `make check` does it."""
    run(os.path.join(SRC, "build-aux/packages"), *packages)


def distribution(to):
    """The sources as `make dist` packs them, and no more: a file that EXTRA_DIST lacks is missed here."""
    run("make", "-C", BUILD, "distdir", "distdir=" + to)


def substitute(path, *changes):
    with open(path) as f:
        text = f.read()
    for pattern, new in changes:
        text, n = re.subn(pattern, new, text, count=1, flags=re.M)
        if n != 1:
            raise Failure("%s: nothing matches %s" % (path, pattern))
    with open(path, "w") as f:
        f.write(text)


def make_next(tree):
    """Makes of the sources the next version, whose protocol, build and state's format are others
    (as tests/next, Makefile.am)."""
    substitute(os.path.join(tree, "Makefile.am"),
               (r"^PROTOCOL = .*", "PROTOCOL = %d" % (PROTOCOL + 1)),
               (r"^PROTOCOL_LEAST = .*", "PROTOCOL_LEAST = %d" % PROTOCOL),
               (r"^AM_CPPFLAGS = ", r"\g<0>-DMISH_NEXT "))
    shutil.copy(os.path.join(tree, "tests/tool/sections_next.c"), os.path.join(tree, "shell/sections.c"))
    with open(os.path.join(tree, "debian/changelog")) as f:
        old = f.read()
    head, sign = re.search(r"^mish \(([^)]*)\)", old).group(1), re.search(r"^ -- .*$", old, re.M).group(0)
    with open(os.path.join(tree, "debian/changelog"), "w") as f:
        f.write("mish (%s+next) unstable; urgency=medium\n\n  * The next version.\n\n%s\n\n%s" % (head, sign, old))


def debs(work):
    """The .deb packages of this version and the next, {"this": {name: file}, "next": …}. In
    $MISH_TEST_PACKAGES they are kept; what is there is not built again."""
    kept = os.environ.get("MISH_TEST_PACKAGES", os.path.join(work, "packages"))
    result = {}
    for version in ("this", "next"):
        to = os.path.join(kept, version)
        if not glob.glob(to + "/*.deb"):
            tree = os.path.join(work, version, "mish")
            os.makedirs(os.path.dirname(tree))
            distribution(tree)
            if version == "next":
                make_next(tree)
            run("nice", "dpkg-buildpackage", "-b", "-us", "-uc", cwd=tree,
                env=dict(os.environ, DEB_BUILD_OPTIONS="noautodbgsym"))
            os.makedirs(to, exist_ok=True)
            for f in glob.glob(os.path.join(work, version, "*.deb")):
                shutil.move(f, to)
            shutil.rmtree(os.path.join(work, version))
        result[version] = {os.path.basename(f).split("_")[0]: f for f in glob.glob(to + "/*.deb")}
    return result


class Count:
    """Runs checks, prints a line for each, TAP's way, and counts."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, function, *args):
        """Is it as it should be?"""
        start = time.monotonic()
        try:
            function(*args)
            self.passed += 1
            print("ok %s (%.1f s)" % (name, time.monotonic() - start), flush=True)
            return True
        except Exception as e:
            self.failed += 1
            print("not ok %s" % name)
            text = str(e) if isinstance(e, Failure) else traceback.format_exc()
            print("".join("# %s\n" % l for l in text.splitlines()), end="", flush=True)
            return False

    def end(self):
        print("\n%d passed, %d failed" % (self.passed, self.failed))
        sys.exit(0 if self.passed and not self.failed else 1)
