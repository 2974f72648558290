#!/usr/bin/env python3
"""Reads the projections of a Stemma store from docs/store-format.md alone: rows, sealed columns,
neighbours, versions, bitmaps, keys, indexes, statistics. Prints the graph as of every transaction,
and checks on the way that the projections agree with each other and with the log.

usage: read_graph.py FOLDER
"""
import struct
import sys

from read_store import Store

MASK = 2**64 - 1
ENDED, PROPERTIES, LABELS = 1, 2, 4


def little(data, at, width):
    return int.from_bytes(data[at : at + width], "little")


def big(data, at, width):
    return int.from_bytes(data[at : at + width], "big")


def leb(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def lebs(data):
    at, numbers = 0, []
    while at < len(data):
        number, at = leb(data, at)
        numbers.append(number)
    return numbers


def words(data):
    """A value of a property in the words of the printed form."""
    kind, rest = data[0], data[1:]
    if kind < 3:
        return ["n", "b0", "b1"][kind]
    if kind == 3:
        return f"i{int.from_bytes(rest, 'little', signed=True)}"
    if kind == 4:
        return f"f{little(rest, 0, 8):016x}"
    if kind in (5, 6):
        return "sx"[kind - 5] + rest.hex()
    if kind in (7, 8):
        return "dl"[kind - 7] + str(struct.unpack("<q", rest)[0])
    if kind == 9:
        return "t%d,%d" % struct.unpack("<qi", rest)
    if kind == 10:
        return "m%d,%d" % struct.unpack("<qq", rest)
    if kind == 11:
        return "z%d,%d,%d," % struct.unpack("<qii", rest[:16]) + rest[16:].hex()
    if kind == 12:
        return "p%d,%d,%d,%d" % struct.unpack("<qqqi", rest)
    assert kind == 13, "an unknown kind of value"
    at, parts = 0, []
    while at < len(rest):
        size, at = leb(rest, at)
        parts.append(words(rest[at : at + size]))
        at += size
    return "[" + ",".join(parts) + "]"


def properties(row, at):
    """What a row has from `at` on, by symbol."""
    size, at = leb(row, at)
    directory, values, result = at, at + size, {}
    while directory < at + size:
        symbol, directory = leb(row, directory)
        count, directory = leb(row, directory)
        result[symbol] = row[values : values + count]
        values += count
    return result


class Row:
    """What a node or an edge was created with, and the flags of what changed."""

    def __init__(self, flags, creation, held, labels=None, ends=None):
        self.flags, self.creation, self.held = flags, creation, held
        self.labels, self.ends = labels, ends


def node_row(row):
    creation, at = leb(row, 1)
    count, at = leb(row, at)
    labels = []
    for _ in range(count):
        label, at = leb(row, at)
        labels.append(label)
    return Row(row[0], creation, properties(row, at), labels=labels)


def edge_row(row):
    creation, at = leb(row, 1)
    kind, at = leb(row, at)
    ends = (kind, big(row, at, 5), big(row, at + 5, 5))
    return Row(row[0], creation, properties(row, at + 10), ends=ends)


class Graph:
    def __init__(self, folder):
        self.store = store = Store(folder)
        self.tables = {name: dict(store.table(name)) for name in store.roots}
        self.log = list(self.tables["log"].values())
        self.names = [value.decode() for value in self.tables["symbols"].values()]
        fields = struct.unpack("<QqQQQQIIQIQQIIB", self.tables["meta"][b"\x10"])
        self.last, self.node_limit, self.edge_limit = fields[0], fields[2], fields[3]
        self.nodes_ended, self.edges_ended = fields[4], fields[5]
        assert fields[6] == len(self.names) and self.last == len(self.log)
        self.sealed = fields[10], fields[11]
        self.shift = fields[14]
        self.nodes = self.rows("nodes", node_row, self.node_limit, 0)
        self.edges = self.rows("edges", edge_row, self.edge_limit, 1)

    # Rows and columns

    def rows(self, table, read, limit, kind):
        size = 1 << self.shift
        rows = []
        for number in range(self.sealed[kind] // size):
            rows += self.range(kind, number, size)
        table = self.tables[table]
        for identity in range(self.sealed[kind], limit):
            key = (identity // 16).to_bytes(5, "big")
            block, place = table[key], identity % 16
            ends = [0] + [little(block, 1 + 2 * index, 2) for index in range(block[0])]
            start = 1 + 2 * block[0]
            row = block[start + ends[place] : start + ends[place + 1]]
            rows.append(read(row or table[key + bytes([place])]))
        return rows

    def range(self, kind, number, size):
        chunks = self.tables["chunks"]
        where = number.to_bytes(4, "big")
        heads = (self.node_heads, self.edge_heads)[kind](chunks[bytes([2 + kind]) + where], size)
        flags = self.changes(chunks.get(bytes([4 + kind]) + where, b"\0"), size)
        held = [{} for _ in range(size)]
        for key, chunk in chunks.items():
            if key[0] == kind and key[1:5] == where:
                for place, value in self.column(chunk, size):
                    held[place][big(key, 5, 4)] = value
        return [
            Row(flags[place], creation, held[place], labels, ends)
            for place, (creation, labels, ends) in enumerate(heads)
        ]

    @staticmethod
    def changes(row, size):
        flags, at = [0] * size, 1
        for flag in (ENDED, PROPERTIES, LABELS):
            if row[0] & flag:
                for place in range(size):
                    if row[at + place // 8] >> place % 8 & 1:
                        flags[place] |= flag
                at += size // 8
        return flags

    @staticmethod
    def node_heads(chunk, size):
        base, width, set_width = little(chunk, 0, 8), chunk[8], chunk[9]
        at = 16
        creations = [base + little(chunk, at + place * width, width) for place in range(size)]
        at += size * width
        numbers = [little(chunk, at + place * set_width, set_width) for place in range(size)]
        at += size * set_width
        end, sets = at + little(chunk, 12, 4), []
        while at < end:
            count, at = leb(chunk, at)
            labels = []
            for _ in range(count):
                label, at = leb(chunk, at)
                labels.append(label)
            sets.append(labels)
        return [(creation, sets[number], None) for creation, number in zip(creations, numbers)]

    @staticmethod
    def edge_heads(chunk, size):
        bases = struct.unpack_from("<QQQ", chunk)
        widths = chunk[24:27]
        kind_width, count = chunk[27], little(chunk, 28, 4)
        kinds = [little(chunk, 32 + 4 * index, 4) for index in range(count)]
        at = 32 + 4 * count
        numbers = [little(chunk, at + place * kind_width, kind_width) for place in range(size)]
        at += size * kind_width
        parts = []
        for base, width in zip(bases, widths):
            parts.append([base + little(chunk, at + place * width, width) for place in range(size)])
            at += size * width
        return [
            (creation, None, (kinds[number], start, end))
            for number, creation, start, end in zip(numbers, *parts)
        ]

    def column(self, chunk, size):
        """The places of a column and their values."""
        encoding, presence, width = chunk[0], chunk[1], chunk[2]
        count, base = little(chunk, 4, 4), struct.unpack_from("<q", chunk, 8)[0]
        at = 32
        if presence == 0:
            places = list(range(size))
        elif presence == 1:
            places = [place for place in range(size) if chunk[at + place // 8] >> place % 8 & 1]
            at += (size + 63) // 64 * 8 + (size + 511) // 512 * 2
        else:
            places = [little(chunk, at + 2 * index, 2) for index in range(count)]
            at += 2 * count
        assert len(places) == count
        at = (at + 7) // 8 * 8
        values = (self.integers, self.floats, self.booleans, self.dictionary, self.plain)[encoding]
        return zip(places, values(chunk, at, width, base, count))

    @staticmethod
    def integers(chunk, at, width, base, count):
        for index in range(count):
            number = (base + little(chunk, at + index * width, width) + 2**63) % 2**64 - 2**63
            yield b"\3" + number.to_bytes(8, "little", signed=True)

    @staticmethod
    def floats(chunk, at, width, base, count):
        for index in range(count):
            yield b"\4" + chunk[at + 8 * index : at + 8 * index + 8]

    @staticmethod
    def booleans(chunk, at, width, base, count):
        for index in range(count):
            yield bytes([1 + (chunk[at + index // 8] >> index % 8 & 1)])

    @staticmethod
    def dictionary(chunk, at, width, base, count):
        size = little(chunk, at, 4)
        ends = [little(chunk, at + 4 + 4 * index, 4) for index in range(size + 1)]
        start = at + 4 + 4 * (size + 1)
        at = start + ends[-1]
        for index in range(count):
            number = little(chunk, at + index * width, width)
            yield chunk[start + ends[number] : start + ends[number + 1]]

    def plain(self, chunk, at, width, base, count):
        ends = [little(chunk, at + width * index, width) for index in range(count + 1)]
        start = at + width * (count + 1)
        for index in range(count):
            value = chunk[start + ends[index] : start + ends[index + 1]]
            if value[0] == 0xFF:
                transaction, offset, size = lebs(value[1:])
                value = b"\5" + self.log[transaction - 1][offset : offset + size]
            yield value

    # Versions

    def version(self, kind, identity, symbol, moment):
        """The newest version up to a moment, or None."""
        head = bytes([kind]) + identity.to_bytes(5, "big") + symbol.to_bytes(4, "big")
        for transaction in range(moment, 0, -1):
            value = self.tables["versions"].get(head + (MASK ^ transaction).to_bytes(8, "big"))
            if value is not None:
                return value
        return None

    def is_there(self, row, kind, identity, moment):
        if row.creation > moment:
            return False
        if not row.flags & ENDED:
            return True
        end = self.tables["versions"][bytes([3 + kind]) + identity.to_bytes(5, "big")]
        return big(end, 0, 8) > moment

    def held(self, row, kind, identity, moment):
        names = set(row.held)
        if row.flags & PROPERTIES:
            head = bytes([kind]) + identity.to_bytes(5, "big")
            names |= {big(k, 6, 4) for k in self.tables["versions"] if k[:6] == head}
        result = {}
        for name in names:
            value = row.held.get(name)
            if row.flags & PROPERTIES:
                newer = self.version(kind, identity, name, moment)
                value = value if newer is None else newer
            if value is not None and value[0] != 0:
                result[self.names[name]] = value
        return result

    def labels(self, row, node, moment):
        if not row.flags & LABELS:
            return set(row.labels)
        result = set()
        for label in range(len(self.names)):
            newer = self.version(2, node, label, moment)
            if (label in row.labels) if newer is None else newer == b"\1":
                result.add(label)
        return result

    # The printed form

    def text(self, held):
        pairs = sorted((name.encode(), words(value)) for name, value in held.items())
        return "".join(f" {name.decode()}={value}" for name, value in pairs)

    def print_as_of(self, moment):
        print(f"as of {moment}")
        for node, row in enumerate(self.nodes):
            if self.is_there(row, 0, node, moment):
                labels = sorted(self.names[label] for label in self.labels(row, node, moment))
                held = self.text(self.held(row, 0, node, moment))
                print(f"node {node} since {row.creation} {','.join(labels)}:{held}")
        for edge, row in enumerate(self.edges):
            if self.is_there(row, 1, edge, moment):
                kind, start, end = row.ends
                held = self.text(self.held(row, 1, edge, moment))
                print(f"edge {edge} since {row.creation} {self.names[kind]} {start} {end}:{held}")


def main():
    import check_graph

    graph = Graph(sys.argv[1])
    check_graph.check(graph)
    for moment in range(1, graph.last + 1):
        graph.print_as_of(moment)


if __name__ == "__main__":
    main()
