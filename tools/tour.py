#!/usr/bin/env python3
"""Fills the tour in README.md with what the program really says: runs `make demo`'s campaign, then each command.

A block of the tour is a comment `<!-- tour: SHELL COMMAND -->` and the fenced block after it. The command runs in
.demo with this build's `stemma` in PATH; `tour.log` there is what the demo printed. Lines that begin with `$ ` stay as
they are: they are what a reader types.
"""
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- tour: (.*?) -->\n```\n)(.*?)(```\n)", re.S)


def run(command: str, folder: pathlib.Path) -> str:
    environment = dict(os.environ, PATH=f"{ROOT / '.build-release'}:{os.environ['PATH']}", NO_COLOR="1")
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode not in (0, 141):
        sys.exit(f"stemma: `{command}` ended with {done.returncode}: {done.stdout}")
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())


def main() -> None:
    start = time.monotonic()
    log = run("tools/demo.sh", ROOT)
    seconds = round(time.monotonic() - start)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", log)
    (ROOT / ".demo/tour.log").write_text(plain, encoding="utf-8")
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")

    def fill(match: "re.Match[str]") -> str:
        typed = "".join(line + "\n" for line in re.findall(r"^(?:\$ .*|  +(?:RETURN|WHERE) .*)$", match[3], re.M)
                        ) if match[3].startswith("$ ") else ""
        return match[1] + typed + run(match[2], ROOT / ".demo") + match[4]

    text = BLOCK.sub(fill, text)
    text = re.sub(r"(`make demo` took )\d+( s)", rf"\g<1>{seconds}\2", text)
    readme.write_text(text, encoding="utf-8")
    print(f"stemma: README.md's tour is what the program says; the demo took {seconds} s")


main()
