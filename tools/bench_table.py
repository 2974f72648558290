#!/usr/bin/env python3
"""Puts a table of `make bench-peers` between its marks in README.md.

usage: bench_table.py TABLE SCALE
"""
import pathlib
import re
import sys

README = pathlib.Path(__file__).resolve().parent.parent / "README.md"


def main() -> None:
    table, scale = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").strip(), sys.argv[2]
    begin, end = f"<!-- make bench-peers SCALE={scale} -->", f"<!-- end of {scale} -->"
    text = README.read_text(encoding="utf-8")
    if begin not in text or end not in text:
        sys.exit(f"stemma: README.md has no place for the table: {begin} and {end}")
    pattern = re.escape(begin) + ".*?" + re.escape(end)
    filled = re.sub(pattern, lambda _: f"{begin}\n{table}\n{end}", text, flags=re.S)
    README.write_text(filled, encoding="utf-8")


main()
