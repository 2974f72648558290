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
# With --write --actor, after those; `propose` is refused by name, since nothing is editable here.
WRITES = [
    ("note", {"title": "warm-up", "text": "longer helps", "about": ["P12"]}),
    ("critique", {"proposal": "P12", "verdict": "reject", "summary": "seen before",
                  "objections": [{"text": "as P7", "cites": ["P7"]}, {"text": "no", "cites": ["P999999"]}]}),
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


async def check_writing(program: str, store: str, mode: str) -> None:
    arguments = ["mcp", "--store", store, "--write", "--actor", "ada"]
    parameters = StdioServerParameters(command=program, args=arguments)
    async with Client(parameters, mode=mode, read_timeout_seconds=30) as client:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == [name for name, _ in CALLS + WRITES] + ["propose"]
        for name, arguments in WRITES:
            result = await client.call_tool(name, arguments)
            assert not error(result), (name, result)
            kept = structure(result)
            query = f"MATCH (n {{key: '{kept['key']}'}})-[:BY]->(a:Actor) RETURN a.name AS name"
            rows = structure(await client.call_tool("query", {"text": query}))["rows"]
            assert rows == [{"name": "outside:ada"}], rows
        assert kept["struck"] == ["no: there is no P999999"], kept
        for name, arguments in [("note", {"title": "", "text": ""}), ("note", {"title": "t", "text": "t", "by": "root"}),
                                ("critique", {"proposal": "P12", "verdict": "keep", "summary": "s"}),
                                ("propose", {"title": "t", "hypothesis": "h", "campaign": "none"})]:
            assert error(await client.call_tool(name, arguments)), name
        print(f"stemma: the official client writes in mode {mode}")


HOSTILE = [
    b"", b"\x00\xff\xfe", b"[]", b"{", b"null", b'{"jsonrpc":"2.0"}', b'{"jsonrpc":"2.0","id":{},"method":"ping"}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"note","arguments":"x"}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"critique","arguments":{"proposal":' + b"[" * 5_000 + b"}}}",
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"propose","arguments":{"title":"\\ud800","hypothesis":"h"}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"note","arguments":{"title":"t","text":"' + b"x" * 5_000_000 + b'"}}}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"query","arguments":{"text":"MATCH (n) DETACH DELETE n"}}}',
    b"x" * 6_000_000,
]


def check_hostile(program: str, store: str) -> None:
    """None of it ends the server, makes it wait or writes anything; the last request is answered."""
    def count() -> str:
        query = "MATCH (n) RETURN count(n) AS n"
        return subprocess.run([program, "query", "--store", store, "--format", "csv", query],
                              check=True, capture_output=True, text=True).stdout
    before = count()
    lines = b"\n".join(HOSTILE) + b'\n{"jsonrpc":"2.0","id":"last","method":"ping"}\n{"jsonrpc":'
    done = subprocess.run([program, "mcp", "--store", store, "--write", "--actor", "ada"], input=lines,
                          capture_output=True, timeout=60)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done
    assert any(answer["id"] == "last" and "result" in answer for answer in answers), answers[-1]
    assert all("error" in answer or answer["id"] == "last" or answer["result"]["isError"] for answer in answers)
    assert count() == before
    # A client that closes its side of the answers at once.
    closed = subprocess.Popen([program, "mcp", "--store", store, "--write", "--actor", "ada"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    closed.stdout.close()
    try:
        closed.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n' * 1_000)
        closed.stdin.close()
    except BrokenPipeError:
        pass
    assert closed.wait(timeout=30) is not None
    print(f"stemma: a hostile client got {len(answers)} answers and changed nothing")


def main() -> None:
    program, history = sys.argv[1:]
    with tempfile.TemporaryDirectory() as store:
        subprocess.run([program, "init", store], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([program, "import", history, "--store", store], check=True, stdout=subprocess.DEVNULL)
        for mode in ("auto", "legacy"):
            asyncio.run(asyncio.wait_for(check(program, store, mode), 120))
            asyncio.run(asyncio.wait_for(check_writing(program, store, mode), 120))
        check_hostile(program, store)


main()
