#!/usr/bin/env python3
"""Breaks comment lines of Swift and C files that are longer than 100 columns, paragraph by paragraph.

`swift format` leaves comments alone. A paragraph is a run of lines with the same indentation and the
same kind of slashes; lines that look like lists, tables or code are left as they are.
usage: wrap.py FILE...
"""
import re
import sys
import textwrap

LIMIT = 100
COMMENT = re.compile(r"^(\s*)(//[/!]?)( ?)(.*)$")


def is_prose(text: str) -> bool:
    return bool(text) and not re.match(r"^(\s|[-*|@+<`#]|\d+[.)]|MARK:)", text) and "──" not in text


def wrapped(lines: list) -> list:
    result, index = [], 0
    while index < len(lines):
        match = COMMENT.match(lines[index])
        if not match or not is_prose(match[4]):
            result.append(lines[index])
            index += 1
            continue
        prefix = match[1] + match[2]
        paragraph = []
        while index < len(lines):
            other = COMMENT.match(lines[index])
            if not other or other[1] + other[2] != prefix or not is_prose(other[4]):
                break
            paragraph.append(lines[index])
            index += 1
        if all(len(line) <= LIMIT for line in paragraph):
            result += paragraph
            continue
        text = " ".join(COMMENT.match(line)[4] for line in paragraph)
        result += textwrap.wrap(text, LIMIT, initial_indent=prefix + " ",
                                subsequent_indent=prefix + " ", break_long_words=False,
                                break_on_hyphens=False)
    return result


for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        old = file.read()
    new = "\n".join(wrapped(old.split("\n")))
    if new != old:
        with open(path, "w", encoding="utf-8") as file:
            file.write(new)
