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


def run(command: str, folder: pathlib.Path, merged: bool = False) -> str:
    environment = dict(os.environ, PATH=f"{ROOT / '.build-release'}:{os.environ['PATH']}", NO_COLOR="1")
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT if merged else subprocess.DEVNULL)
    if done.returncode not in (0, 141):
        sys.exit(f"stemma: `{command}` ended with {done.returncode}: {done.stdout}")
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())


# Keys differ from run to run: seeds come from a sealed key.
KEYS = {
    "$WINNER": "MATCH (p:Proposal {status: 'confirmed'}) RETURN p.key ORDER BY id(p) DESC LIMIT 1",
    "$DUPLICATE": "MATCH (p:Proposal)-[:DUPLICATES {kind: 'exact'}]->() RETURN p.key ORDER BY id(p) LIMIT 1",
    "$LETTERS": "MATCH (p:Proposal) WHERE p.title CONTAINS 'small letters' RETURN p.key ORDER BY id(p) DESC LIMIT 1",
}


def main() -> None:
    start = time.monotonic()
    log = run("tools/demo.sh", ROOT, merged=True)
    seconds = round(time.monotonic() - start)
    demo = ROOT / ".demo"
    (demo / "tour.log").write_text(re.sub(r"\x1b\[[0-9;]*m", "", log), encoding="utf-8")
    keys = {name: run(f'stemma query --format csv "{query}"', demo).split()[-1] for name, query in KEYS.items()}
    readme = ROOT / "README.md"

    def fill(match: "re.Match[str]") -> str:
        command = match[2]
        for name, key in keys.items():
            command = command.replace(name, key)
        # What a reader types: as it stands, or with this run's keys.
        typed = "".join(re.findall(r"^(?:\$ |  +(?:RETURN|WHERE) ).*\n", match[3], re.M)) if match[3][:2] == "$ " else ""
        if typed and command != match[2]:
            typed = "$ " + command.split(" | ")[0] + "\n"
        return match[1] + typed + run(command, demo) + match[4]

    text = BLOCK.sub(fill, readme.read_text(encoding="utf-8"))
    text = re.sub(r"(`make demo` took )\d+( s)", rf"\g<1>{seconds}\2", text)
    readme.write_text(text, encoding="utf-8")
    print(f"stemma: README.md's tour is what the program says; the demo took {seconds} s")


main()
