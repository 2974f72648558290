"""Whether the other projections of a store are what its nodes, its edges and its log say:
neighbours, bitmaps, keys, indexes, requests, statistics, bounds, the Merkle tree. From
docs/store-format.md alone.
"""
import hashlib

from read_graph import ENDED, LABELS, MASK, big, leb, lebs, little
from read_store import decode


def check(graph):
    """Raises where something is not as it must be."""
    for part in (neighbours, bitmaps, keys, indexes, records, tree, statistics, trail):
        part(graph)


# Neighbours


def short_number(key, at):
    """Two bytes below 2^15, else four with the first bit set."""
    if key[at] & 128:
        return big(key, at, 4) & 0x7FFFFFFF, at + 4
    return big(key, at, 2), at + 2


def group(row, first):
    """(node, neighbour, edge, ended) of a row of 64 nodes; and its hubs."""
    flags, at = row[0], 9
    present = little(row, 1, 8)
    hubs = 0
    if flags & 2:
        hubs, at = little(row, at, 8), at + 8
    widths, at = (row[at] & 15, row[at] >> 4), at + 1
    least = little(row, at, 5), little(row, at + 5, 5)
    at += 10
    places = [place for place in range(64) if present >> place & 1]
    counts = [1] * len(places)
    if not flags & 4:
        counts, at = list(row[at : at + len(places)]), at + len(places)
    total = sum(counts)
    ended = [False] * total
    if flags & 1:
        ended = [bool(row[at + index // 8] >> index % 8 & 1) for index in range(total)]
        at += (total + 7) // 8
    nodes = [first + place for place, count in zip(places, counts) for _ in range(count)]
    step = sum(widths)
    entries = []
    for index, node in enumerate(nodes):
        start = at + index * step
        neighbour = least[0] + little(row, start, widths[0])
        edge = least[1] + little(row, start + widths[0], widths[1])
        entries.append((node, neighbour, edge, ended[index]))
    assert at + total * step == len(row), "a row of neighbours has another length"
    return entries, {first + place for place in range(64) if hubs >> place & 1}


def segment(row, node):
    flags, at = row[0], 1
    counts = None
    if flags & 1:
        counts, at = (little(row, at, 4), little(row, at + 4, 4)), at + 8
    bits = b"\0" * 10
    if flags & 2:
        bits, at = row[at : at + 10], at + 10
    entries = []
    for index, start in enumerate(range(at, len(row), 10)):
        ended = bool(bits[index // 8] >> index % 8 & 1)
        entries.append((node, little(row, start, 5), little(row, start + 5, 5), ended))
    return entries, counts


def neighbours(graph):
    found, hubs, segments = set(), set(), {}
    for key, row in graph.tables["adjacency"].items():
        kind, at = short_number(key, 1)
        if key[0] < 2:
            entries, of_row = group(row, big(key, at, 5) * 64)
            hubs |= {(key[0], kind, node) for node in of_row}
        else:
            node = big(key, at, 5)
            entries, counts = segment(row, node)
            segments.setdefault((key[0] - 2, kind, node), []).append((entries, counts))
        found |= {(key[0] % 2, kind) + entry for entry in entries}
    expected = set()
    for edge, row in enumerate(graph.edges):
        kind, start, end = row.ends
        ended = bool(row.flags & ENDED)
        expected |= {(0, kind, start, end, edge, ended), (1, kind, end, start, edge, ended)}
    assert found == expected, f"neighbours: {sorted(found ^ expected)[:5]}"
    assert hubs == set(segments), "hubs and their segments"
    for parts in segments.values():
        entries = [entry for some, _ in parts for entry in some]
        assert len(parts) == 1 or parts[0][1] == (len(entries), sum(e[3] for e in entries))


# Bitmaps, keys, indexes


def members(graph, wanted):
    """What the bitmaps of a kind say, and which of it may have changed."""
    result = {}
    for key, row in graph.tables["labels"].items():
        if key[0] != wanted:
            continue
        symbol, first = big(key, 1, 4), big(key, 5, 4) * 2048
        for half, start in enumerate(range(0, len(row), 256)):
            for place in range(2048):
                if row[start + place // 8] >> place % 8 & 1:
                    result.setdefault(symbol, (set(), set()))[half].add(first + place)
    return result


def bitmaps(graph):
    expected = {}
    for node, row in enumerate(graph.nodes):
        had = set(row.labels)
        if row.flags & LABELS:
            head = b"\2" + node.to_bytes(5, "big")
            had |= {big(key, 6, 4) for key in graph.tables["versions"] if key[:6] == head}
        for label in had:
            expected.setdefault(label, set()).add(node)
    found = members(graph, 0)
    assert {label: nodes for label, (nodes, _) in found.items()} == expected, "labels"
    for label, (nodes, unsure) in found.items():
        for node in nodes - unsure:
            row = graph.nodes[node]
            assert label in row.labels and not row.flags & ENDED, "a sure member"
    kinds = {}
    for edge, row in enumerate(graph.edges):
        kinds.setdefault(row.ends[0], set()).add(edge)
    assert {kind: edges for kind, (edges, _) in members(graph, 1).items()} == kinds, "types"
    ended = {node for node, row in enumerate(graph.nodes) if row.flags & ENDED}
    assert members(graph, 2).get(0, (set(), set()))[0] == ended, "deleted nodes"


def key_bytes(key):
    digits = len(key) - len(key.rstrip("0123456789"))
    while digits > 18 or (digits > 1 and key[len(key) - digits] == "0"):
        digits -= 1
    if digits == 0 or (digits == 1 and key[-1] == "0" and len(key) > 1 and key[-2].isdigit()):
        return b"\2" + key.encode()
    start = len(key) - digits
    return b"\1" + key[:start].encode() + b"\0" + bytes([digits]) + key[start:].encode()


def keys(graph):
    symbol = graph.names.index("key") if "key" in graph.names else -1
    expected = {}
    for node, row in enumerate(graph.nodes):
        if symbol in row.held:
            expected[key_bytes(row.held[symbol][1:].decode())] = node.to_bytes(5, "big")
    assert dict(graph.tables["keys"]) == expected, "keys"


def indexes(graph):
    """Who is in an index now: those that have the label and all properties."""
    for key, row in graph.tables["schema"].items():
        if key[0] != 2:
            continue
        number, dropped, label = big(key, 1, 4), little(row, 8, 8), little(row, 17, 4)
        if dropped:
            continue
        count, at = leb(row, 21)
        wanted = [graph.names[little(row, at + 4 * index, 4)] for index in range(count)]
        expected = set()
        for node, entry in enumerate(graph.nodes):
            if not graph.is_there(entry, 0, node, graph.last):
                continue
            held = graph.held(entry, 0, node, graph.last)
            if label in graph.labels(entry, node, graph.last) and all(n in held for n in wanted):
                expected.add(node)
        found = set()
        for entry, value in graph.tables["indexes"].items():
            if short_number(entry, 0)[0] == number and len(lebs(value)) % 2 == 1:
                found.add(big(entry, len(entry) - 5, 5))
        assert found == expected, f"index {number}: {found ^ expected}"
        counts = lebs(graph.tables["statistics"][b"\2" + number.to_bytes(4, "big")])
        assert counts[0] == len(found), f"the count of index {number}"
        firsts = first_values(graph, number, count)
        assert firsts is None or counts[1] == len(firsts), f"the values of index {number}"


def first_values(graph, number, count):
    """The ordered first values of an index; None where some were cut beside others."""
    result = set()
    for entry, value in graph.tables["indexes"].items():
        of, start = short_number(entry, 0)
        if of != number:
            continue
        if count > 1 and lebs(value)[0] & 1:
            return None
        result.add(entry[start : ordered_end(entry, start) if count > 1 else -5])
    return result


def ordered_end(key, at):
    """Where an ordered value ends: numbers, strings, bytes, booleans, dates, lists, null."""
    kind = key[at]
    if kind == 0x04:
        at += 1
        while key[at]:
            at = ordered_end(key, at)
        return at + 1
    if kind == 0x0F:
        bits = big(key, at + 1, 8)
        exponent = (bits if bits >> 63 else ~bits) >> 52 & 0x7FF
        return at + (11 if 0x433 + 1 <= exponent < 0x7FF else 9)
    if kind in (0x0C, 0x0D):
        at += 1
        while key[at] or key[at + 1] == 0xFF:
            at += 1 if key[at] else 2
        return at + 2
    return at + {0x0E: 2, 0x08: 9, 0x10: 1}[kind]


# The log's own tables


def records(graph):
    requests, limits = {}, {}
    for number, record in enumerate(graph.log, 1):
        header = decode(decode(record)[0][0])[0]
        requests[header[7]] = number.to_bytes(8, "little")
        limits[b"\x11" + number.to_bytes(8, "big")] = header[3]
    assert graph.tables["requests"] == requests, "requests"
    meta = graph.tables["meta"]
    for key, time in limits.items():
        transaction, row = big(key, 1, 8), meta[key]
        nodes = sum(row.creation <= transaction for row in graph.nodes)
        edges = sum(row.creation <= transaction for row in graph.edges)
        assert (big(row, 0, 5), big(row, 5, 5)) == (nodes, edges), "bounds"
        assert little(row, 10, 8) == time & MASK, "the time of a transaction"
    assert graph.nodes_ended == sum(row.flags & ENDED for row in graph.nodes)
    assert graph.edges_ended == sum(row.flags & ENDED for row in graph.edges)


def tree(graph):
    rows, levels = graph.tables["merkle"], []
    for number, record in enumerate(graph.log, 1):
        hashed = hashlib.sha256(b"\0" + decode(record)[0][0]).digest()
        level, place = 0, number - 1
        while True:
            if level == len(levels):
                levels.append([])
            levels[level].append(hashed)
            m = (place + 1) * 2**level - 1
            position = 2 * m - bin(m).count("1") + level
            assert rows[position.to_bytes(8, "big")] == hashed, f"hash {place} of level {level}"
            if place % 2 == 0:
                break
            hashed = hashlib.sha256(b"\1" + levels[level][-2] + hashed).digest()
            level, place = level + 1, place // 2
    assert len(rows) == sum(map(len, levels)), "hashes too many"


def trail(graph):
    for key, row in graph.tables["meta"].items():
        if key[0] == 0x20:
            kind, transaction, name, content = decode(row)[0]
            assert kind == key[1] and isinstance(content, bytes)
            named = graph.tables["meta"].get(b"\x21" + name.encode())
            assert kind != 3 or not name or named == transaction.to_bytes(8, "big")


# Statistics


def classes(edges):
    """How many nodes have 1, 2 to 3, 4 to 7, ... edges."""
    degrees = {}
    for node in edges:
        degrees[node] = degrees.get(node, 0) + 1
    result = []
    for degree in degrees.values():
        place = degree.bit_length() - 1
        result += [0] * (place + 1 - len(result))
        result[place] += 1
    return result


def value_hash(value):
    h = len(value) * 0x9E3779B97F4A7C15 & MASK
    for start in range(0, len(value), 8):
        h = (h ^ little(value, start, 8)) * 0xFF51AFD7ED558CCD & MASK
        h ^= h >> 32
    h = h * 0xC4CEB9FE1A85EC53 & MASK
    h ^= h >> 29
    h = h * 0xFF51AFD7ED558CCD & MASK
    return h ^ h >> 32


def registers_of(values):
    registers = {}
    for value in values:
        h = value_hash(value)
        rest = h << 10 & MASK
        zeros = 64 - rest.bit_length()
        place = h >> 54
        registers[place] = max(registers.get(place, 0), min(zeros + 1, 55))
    return registers


def registers_in(row):
    if row[0] == 1:
        assert len(row) == 1025
        return {place: value for place, value in enumerate(row[1:]) if value}
    registers = {big(row[at : at + 2][::-1], 0, 2): row[at + 2] for at in range(1, len(row), 3)}
    assert len(registers) < 341
    return registers


def plainest(value):
    """The bytes of a value where it stands alone: integers as short as they are."""
    if value[0] != 3:
        return value
    number = int.from_bytes(value[1:], "little", signed=True)
    width = 0 if number == 0 else (number if number > 0 else ~number).bit_length() // 8 + 1
    return b"\3" + number.to_bytes(width, "little", signed=True)


def values_ever(graph, rows, kind, groups):
    """The values that the rows of each group had, by (group, property)."""
    result = {}
    for identity, row in enumerate(rows):
        for moment in range(row.creation, graph.last + 1):
            if not graph.is_there(row, kind, identity, moment):
                break
            for name, value in graph.held(row, kind, identity, moment).items():
                for one in groups(row, identity, moment):
                    if name != "key":
                        pair = (one, graph.names.index(name))
                        result.setdefault(pair, set()).add(plainest(value))
    return result


def statistics(graph):
    rows, last = graph.tables["statistics"], graph.last
    there = [row.ends for edge, row in enumerate(graph.edges) if graph.is_there(row, 1, edge, last)]
    labelled = {}
    for node, row in enumerate(graph.nodes):
        if graph.is_there(row, 0, node, last):
            for label in graph.labels(row, node, last):
                labelled[label] = labelled.get(label, 0) + 1
    for key, row in rows.items():
        if key[0] != 1:
            continue
        at = 0
        while at < len(row):
            symbol, flags, at = big(key, 1, 4) * 256 + row[at], row[at + 1], at + 2
            if flags & 1:
                count, at = leb(row, at)
                assert count == labelled.get(symbol, 0), "nodes with a label"
            if flags & 2:
                count, at = leb(row, at)
                mine = [ends for ends in there if ends[0] == symbol]
                assert count == len(mine), "edges of a type"
                for place in (1, 2):
                    size, at = row[at], at + 1
                    degrees = []
                    for _ in range(size):
                        number, at = leb(row, at)
                        degrees.append(number)
                    assert degrees == classes([ends[place] for ends in mine]), "degrees"
    nodes = values_ever(graph, graph.nodes, 0, graph.labels)
    edges = values_ever(graph, graph.edges, 1, lambda row, *_: [row.ends[0]])
    expected = {}
    for number, held in ((3, nodes), (4, edges)):
        for (one, name), values in held.items():
            key = bytes([number]) + one.to_bytes(4, "big") + name.to_bytes(4, "big")
            expected[key] = registers_of(values)
    found = {key: registers_in(row) for key, row in rows.items() if key[0] in (3, 4)}
    # Values that were replaced within their transaction count as well, and no snapshot shows them.
    for key, registers in expected.items():
        for place, value in registers.items():
            assert found[key].get(place, 0) >= value, f"the sketch {key.hex()}"
    extra = sum(map(len, found.values())) - sum(map(len, expected.values()))
    assert extra <= sum(map(len, found.values())) // 4, "sketches of values that nobody had"
