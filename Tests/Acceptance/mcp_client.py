#!/usr/bin/env python3
"""The official Python client of the Model Context Protocol against `stemma mcp`, in both eras.

Needs `pip install mcp`. usage: mcp_client.py STEMMA HISTORY.jsonl
"""
import asyncio
import json
import subprocess
import sys
import tempfile

from mcp import Client, StdioServerParameters

CALLS = [
    ("tried_before", {"key": "P12", "limit": 3}),
    ("brief", {"key": "P12", "tokens": 600}),
    ("lineage", {"key": "C1"}),
    ("why", {"key": "P7"}),
    ("query", {"text": "MATCH (p:Proposal) RETURN p.key AS key", "limit": 5}),
    ("best", {}),
    ("schema", {"label": "Proposal"}),
]


def error(result) -> bool:
    return bool(getattr(result, "is_error", getattr(result, "isError", False)))


def structure(result) -> dict:
    return getattr(result, "structured_content", None) or getattr(result, "structuredContent")


async def check(program: str, store: str, mode: str) -> None:
    parameters = StdioServerParameters(command=program, args=["mcp", "--store", store])
    async with Client(parameters, mode=mode, read_timeout_seconds=30) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        assert names == [name for name, _ in CALLS], names
        for name, arguments in CALLS:
            result = await client.call_tool(name, arguments)
            assert not error(result), (name, result)
            text = result.content[0].text
            assert len(text) + len(json.dumps(structure(result))) < 90_000, name
        page = structure(await client.call_tool(*CALLS[4]))
        following = structure(await client.call_tool("query", CALLS[4][1] | {"cursor": page["cursor"]}))
        keys = [row["key"] for row in page["rows"] + following["rows"]]
        assert keys == [f"P{number}" for number in range(1, 11)], keys
        assert error(await client.call_tool("query", {"text": "CREATE (:Actor {name: 'x', kind: 'person'})"}))
        assert len((await client.list_resources()).resources) >= 15
        assert len((await client.list_prompts()).prompts) == 1
        print(f"stemma: the official client is content in mode {mode}, protocol {client.protocol_version}")


def main() -> None:
    program, history = sys.argv[1:]
    with tempfile.TemporaryDirectory() as store:
        subprocess.run([program, "init", store], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([program, "import", history, "--store", store], check=True, stdout=subprocess.DEVNULL)
        for mode in ("auto", "legacy"):
            asyncio.run(asyncio.wait_for(check(program, store, mode), 120))


main()
