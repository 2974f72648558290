#!/usr/bin/env python3
"""Reads a Stemma store with nothing but docs/store-format.md and Python's own library: walks the
LMDB file, checks the header, decodes every record of the log, and prints its Merkle root.

usage: read_store.py FOLDER
"""
import hashlib
import hmac
import mmap
import struct
import sys

EMPTY = 2**64 - 1


class Store:
    """The tables of data.mdb: an LMDB 0.9 file without flags."""

    def __init__(self, folder):
        with open(folder + "/data.mdb", "rb") as file:
            self.data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.size = struct.unpack_from("<I", self.data, 40)[0]
        metas = [self.size * page for page in (0, 1)]
        newest = max(metas, key=lambda at: struct.unpack_from("<Q", self.data, at + 144)[0])
        main = struct.unpack_from("<Q", self.data, newest + 88 + 40)[0]
        self.roots = {
            key.decode(): struct.unpack_from("<Q", value, 40)[0] for key, value in self.rows(main)
        }

    def table(self, name):
        return self.rows(self.roots[name])

    def rows(self, page):
        if page == EMPTY:
            return
        start = page * self.size
        flags, lower = struct.unpack_from("<HH", self.data, start + 10)
        for index in range((lower - 16) // 2):
            node = start + struct.unpack_from("<H", self.data, start + 16 + 2 * index)[0]
            low, kind, key_size = struct.unpack_from("<IHH", self.data, node)
            key = self.data[node + 8 : node + 8 + key_size]
            if flags & 1:
                yield from self.rows(low | kind << 32)
                continue
            value = node + 8 + key_size
            if kind & 1:
                value = struct.unpack_from("<Q", self.data, value)[0] * self.size + 16
            yield key, self.data[value : value + low]


class Tag:
    def __init__(self, number, value):
        self.number, self.value = number, value


def decode(data, at=0):
    """One CBOR item and where the next begins; also its bytes, for commitments."""
    major, short = data[at] >> 5, data[at] & 31
    at += 1
    if short >= 24:
        width = 1 << (short - 24)
        argument = int.from_bytes(data[at : at + width], "big")
        bits, at = data[at : at + width], at + width
    else:
        argument = short
    if major == 0:
        return argument, at
    if major == 1:
        return -1 - argument, at
    if major == 2:
        return data[at : at + argument], at + argument
    if major == 3:
        return data[at : at + argument].decode(), at + argument
    if major in (4, 5):
        items = []
        for _ in range(argument * (major - 3)):
            item, at = decode(data, at)
            items.append(item)
        return (items if major == 4 else dict(zip(items[::2], items[1::2]))), at
    if major == 6:
        value, at = decode(data, at)
        return Tag(argument, value), at
    if short < 24:
        return {20: False, 21: True, 22: None}[short], at
    return struct.unpack({25: ">e", 26: ">f", 27: ">d"}[short], bits)[0], at


def merkle(leaves):
    """RFC 9162, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + merkle(leaves[:half]) + merkle(leaves[half:])).digest()


def head_of(major, count):
    if count < 24:
        return bytes([major << 5 | count])
    width = 1 if count < 256 else 2 if count < 65536 else 4 if count < 1 << 32 else 8
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[width]]) + count.to_bytes(width, "big")


def skip(data, at):
    return decode(data, at)[1]


def encode(value):
    """The parts of operations that shapes leave out: numbers, texts, null, lists of these."""
    if value is None:
        return b"\xf6"
    if isinstance(value, int):
        return head_of(0, value)
    if isinstance(value, str):
        return head_of(3, len(value.encode())) + value.encode()
    return head_of(4, len(value)) + b"".join(map(encode, value))


def spans(record, at):
    """Where each item of the array at `at` lies, and where the array ends."""
    count = len(decode(record, at)[0])
    at += len(head_of(4, count))
    result = []
    for _ in range(count):
        after = skip(record, at)
        result.append((at, after))
        at = after
    return result, at


class Body:
    """The operations of a record in the form that is committed to."""

    def __init__(self, record):
        self.record = record
        at = skip(record, 1)
        salts, at = decode(record, at)
        secret = isinstance(salts, bytes)
        self.secret, self.salts = (salts, None) if secret else (None, list(salts))
        self.shapes, at = decode(record, at)
        self.node = self.edge = None
        self.start = self.end = 0
        self.nodes = self.edges = 0
        operations, self.length = spans(record, at)
        self.forms = [self.form(at, index) for index, (at, _) in enumerate(operations)]

    def form(self, at, index):
        items, end = spans(self.record, at)
        raw = lambda item: self.record[items[item][0] : items[item][1]]
        value = lambda item: decode(self.record, items[item][0])[0]
        first = value(0)
        if first >= 0:
            return self.shaped(self.shapes[first], items, value, index)
        code = -first
        if code > 4:
            rest = self.record[items[0][1] : end]
            return head_of(4, len(items)) + encode(code) + rest
        last = len(items) - 1
        parts = [encode(code)] + [raw(item) for item in range(1, last)]
        if code > 2:
            return head_of(4, len(items)) + b"".join(parts) + self.commitment(items[last], index, 0)
        pairs, _ = spans(self.record, items[last][0])
        names = [decode(self.record, start)[0] for start, _ in pairs[::2]]
        if code == 1:
            self.created_node(value(1))
        else:
            self.created_edge(value(1), value(3), value(4))
        return head_of(4, len(items)) + b"".join(parts) + self.values(names, pairs[1::2], index)

    def shaped(self, shape, items, value, index):
        if shape[0] == 1:
            _, labels, has_key, names = shape
            key = value(1) if has_key else None
            known = [1, self.node, labels, key]
            held = items[2 if has_key else 1 :]
            self.created_node(self.node)
        else:
            _, kind, names = shape
            ends = (self.start + value(1), self.end + value(2))
            known = [2, self.edge, kind, *ends]
            held = items[3:]
            self.created_edge(self.edge, *ends)
        form = b"".join(map(encode, known)) + self.values(names, held, index)
        return head_of(4, len(known) + 1) + form

    def created_node(self, node):
        self.node, self.nodes = node + 1, self.nodes + 1

    def created_edge(self, edge, start, end):
        self.edge, self.edges = edge + 1, self.edges + 1
        self.start, self.end = start, end

    def values(self, names, held, index):
        assert len(names) == len(held)
        out = head_of(4, 2 * len(names))
        for number, (name, span) in enumerate(zip(names, held)):
            out += encode(name) + self.commitment(span, index, number)
        return out

    def commitment(self, span, index, number):
        value = decode(self.record, span[0])[0]
        salt = self.salts.pop(0) if self.salts is not None else None
        if isinstance(value, Tag) and value.number == 64510:
            return head_of(2, 32) + value.value
        if salt is None:
            salt = hmac.digest(self.secret, struct.pack(">II", index, number), "sha256")
        return head_of(2, 32) + hashlib.sha256(salt + self.record[span[0] : span[1]]).digest()

    def root(self):
        return merkle([hashlib.sha256(b"\0" + form).digest() for form in self.forms])


def main():
    store = Store(sys.argv[1])
    header = dict(store.table("meta"))[b"\0"]
    assert header[:8] == b"STEMMA\r\n", "this is no Stemma store"
    assert hashlib.sha256(header[:27] + header[35:]).digest()[:8] == header[27:35], "the header"
    assert header[8:10] in (b"\0\2", b"\0\3", b"\0\4"), "another format"
    leaves, nodes, edges = [], 0, 0
    for number, (key, value) in enumerate(store.table("log"), 1):
        assert int.from_bytes(key, "big") == number, "a record is missing"
        head_bytes, end = decode(value)[0][0], skip(value, 0)
        body = Body(value)
        assert end == len(value) == body.length
        head = decode(head_bytes)[0]
        assert head[2] == number and head[1] == header[11:27] and head[12] == len(body.forms)
        assert body.root() == head[13], f"the operations of record {number}"
        leaves.append(hashlib.sha256(b"\0" + head_bytes).digest())
        nodes += body.nodes
        edges += body.edges
    print(f"{len(leaves)} {nodes} {edges} {merkle(leaves).hex()}")


if __name__ == "__main__":
    main()
