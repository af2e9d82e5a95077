"""Makes a checkout ready to run: packages, front end, translations. A second run finds it ready."""

import argparse
import ctypes
import ctypes.util
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PACKAGES_STAMP = VENV / ".portal-packages"
VAR = ROOT / "var"
FRONTEND = ROOT / "frontend"
NODE_AT_LEAST = 20
# What a test needs of the system, and the Debian package that has it.
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# What making PDFs needs of the system, likewise.
LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}


def main() -> None:
    """Make ready what the arguments ask for, one bootstrap at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    dev = parser.parse_args().dev
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    VAR.mkdir(exist_ok=True)
    with (VAR / ".bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ensure_environment()
        ensure_packages(dev=dev)
        ensure_front_end()
        ensure_translations()
        ensure_system_packages(dev=dev)


def say(text: str) -> None:
    """Tell the person who waits what takes time now."""
    print(f"· {text}", flush=True)


def code_of(*command: object, cwd: Path = ROOT, path: str | None = None) -> int:
    """Run a command and return its exit code; when we are stopped, it ends with all it started."""
    env = os.environ | ({"PATH": path} if path else {})
    words = [str(part) for part in command]
    child = subprocess.Popen(words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return child.wait()
    except BaseException:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait()
        raise


def run(*command: object, cwd: Path = ROOT, path: str | None = None) -> None:
    """Run a command, and end when it fails."""
    code = code_of(*command, cwd=cwd, path=path)
    if code:
        sys.exit(f"Failed with exit code {code}: {' '.join(map(str, command))}")


def digest(files: Iterable[Path]) -> str:
    """Return one hash of names and contents."""
    sha = hashlib.sha256()
    for file in sorted(files):
        sha.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return sha.hexdigest()


def stamped(stamp: Path) -> str:
    """Return what a stamp says, or nothing when there is none."""
    return stamp.read_text().strip() if stamp.is_file() else ""


def ensure_environment() -> None:
    """Make ``.venv`` when there is none, when its Python is gone, or when it was left half-made."""
    needed = "" if PACKAGES_STAMP.is_file() else "import pip"
    works = PYTHON.exists() and not subprocess.run([PYTHON, "-c", needed], check=False, capture_output=True).returncode
    if not works:
        say(f"Making .venv with Python {sys.version.split()[0]}")
        venv.create(VENV, with_pip=True, clear=True)


def ensure_packages(*, dev: bool) -> None:
    """Install the locked packages with their hashes, when the lock changed."""
    running, developing = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
    wanted, stamp = developing if dev else running, PACKAGES_STAMP
    enough = {digest([developing])} if dev else {digest([developing]), digest([running])}
    if stamped(stamp) in enough:
        return
    say(f"Installing the locked packages of {wanted.name}")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    uv = shutil.which("uv") or shutil.which("uv", path=str(VENV / "bin"))
    if not uv:
        run(*pip, "-r", DEPLOY / "requirements-uv.txt")
        uv = str(VENV / "bin" / "uv")
    by_uv = [uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "--compile-bytecode"]
    if code_of(*by_uv, "-r", wanted):
        say("uv could not install them; trying pip, which may know another index")
        run(*pip, "-r", wanted)
    stamp.write_text(digest([wanted]))


def ensure_front_end() -> None:
    """Build the stylesheet and the script, when their sources changed."""
    (FRONTEND / "dist").mkdir(parents=True, exist_ok=True)
    if not (FRONTEND / "package.json").is_file():
        return
    built = {FRONTEND / "node_modules", FRONTEND / "dist"}
    sources = digest(file for file in FRONTEND.rglob("*") if file.is_file() and not built & set(file.parents))
    stamp = VAR / "front-end.stamp"
    if stamped(stamp) == sources and any((FRONTEND / "dist").iterdir()):
        return
    path = node_path()
    say("Building the front end")
    run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", cwd=FRONTEND, path=path)
    run("npm", "run", "--silent", "build", cwd=FRONTEND, path=path)
    stamp.write_text(sources)


def node_path() -> str:
    """Return a PATH with Node and npm: the system's when new enough, otherwise from a wheel."""
    here = os.environ.get("PATH", os.defpath)
    if shutil.which("npm") and node_version(shutil.which("node")) >= NODE_AT_LEAST:
        return here
    own = str(VENV / "bin")
    if node_version(shutil.which("node", path=own)) < NODE_AT_LEAST:
        say(f"No Node {NODE_AT_LEAST} here; installing the one from a wheel")
        run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
            "-r", DEPLOY / "requirements-node.txt")  # fmt: skip
    return own + os.pathsep + here


def node_version(node: str | None) -> int:
    """Return the major version of a Node, 0 when it does not run."""
    if not node:
        return 0
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.", done.stdout)
    return int(found[1]) if found and not done.returncode else 0


def ensure_translations() -> None:
    """Compile the catalogues that are newer than what was compiled from them."""
    for source in sorted(ROOT.glob("locale/*/*/LC_MESSAGES/django.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            run(VENV / "bin" / "pybabel", "--quiet", "compile", "--input-file", source, "--output-file", compiled,
                "--locale", source.parent.parent.name)  # fmt: skip


def ensure_system_packages(*, dev: bool) -> None:
    """Install what PDFs, and tests, need of the system by apt where possible, otherwise say what is missing."""
    missing = [package for name, package in LIBRARIES.items() if not has_library(name)]
    if not has_chinese_font():
        missing += ["fonts-noto-cjk", "fontconfig"]
    if dev and not any(map(shutil.which, CHROMIUM)):
        missing.append("chromium-headless-shell")
    if dev and not (shutil.which("xgettext") and shutil.which("msgmerge")):
        missing.append("gettext")
    if not missing:
        return
    apt = apt_command()
    if apt:
        say(f"Installing {', '.join(missing)} by apt")
        run(*apt, "update", "-qq")
        run(*apt, "install", "-y", "-qq", "--no-install-recommends", *missing)
        return
    say(f"MISSING: {', '.join(missing)}. Without them, letters as PDF wait to be made, and some tests fail.")
    say(f"Ask an administrator for: apt-get install {' '.join(missing)}")


def has_library(name: str) -> bool:
    """Say whether a shared library can be loaded here."""
    try:
        ctypes.CDLL(f"lib{name}.so.0")
    except OSError:
        return bool(ctypes.util.find_library(name))
    return True


def has_chinese_font() -> bool:
    """Say whether a browser or a PDF made here can show Chinese."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def apt_command() -> list[str]:
    """Return the way to call apt-get without a question, or nothing."""
    if not shutil.which("apt-get"):
        return []
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if os.geteuid() == 0:
        return apt
    if shutil.which("sudo") and not subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
        return ["sudo", "-n", *apt]
    return []


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
