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
    width = 1 if count < 256 else 2 if count < 65536 else 4
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26}[width]]) + count.to_bytes(width, "big")


def skip(data, at):
    return decode(data, at)[1]


def committed(record, at, index, secret, salts):
    """The committed form of the operation at `at`, and where the next begins."""
    operation, end = decode(record, at)
    code = operation[0]
    place = {1: 4, 2: 5, 3: 3, 4: 3}.get(code)
    if place is None:
        return record[at:end], end
    out, position = bytearray(head_of(4, len(operation))), at + 1
    for _ in range(place):
        after = skip(record, position)
        out += record[position:after]
        position = after
    values = operation[place] if code in (1, 2) else [None, operation[place]]
    if code in (1, 2):
        out += head_of(4, len(values))
        position += len(head_of(4, len(values)))
    for number in range(len(values) // 2):
        if code in (1, 2):
            after = skip(record, position)
            out += record[position:after]
            position = after
        after = skip(record, position)
        value = decode(record, position)[0]
        if isinstance(value, Tag) and value.number == 64510:
            commitment = value.value
            if salts is not None:
                salts.pop(0)
        else:
            place_bytes = struct.pack(">II", index, number)
            salt = salts.pop(0) if salts is not None else hmac.digest(secret, place_bytes, "sha256")
            commitment = hashlib.sha256(salt + record[position:after]).digest()
        out += head_of(2, 32) + commitment
        position = after
    return bytes(out), end


def operations_root(record):
    """The root that the record's header must have, computed from its operations."""
    at = skip(record, 1)
    salts, at = decode(record, at)
    secret, salts = (salts, None) if isinstance(salts, bytes) else (None, list(salts))
    count = len(decode(record, at)[0])
    at += len(head_of(4, count))
    leaves = []
    for index in range(count):
        form, at = committed(record, at, index, secret, salts)
        leaves.append(hashlib.sha256(b"\0" + form).digest())
    return merkle(leaves)


def main():
    store = Store(sys.argv[1])
    header = dict(store.table("meta"))[b"\0"]
    assert header[:8] == b"STEMMA\r\n", "this is no Stemma store"
    assert hashlib.sha256(header[:27] + header[35:]).digest()[:8] == header[27:35], "the header"
    assert header[8:10] == b"\0\1", "a newer format"
    leaves, nodes, edges = [], 0, 0
    for number, (key, value) in enumerate(store.table("log"), 1):
        assert int.from_bytes(key, "big") == number, "a record is missing"
        (head_bytes, _, operations), end = decode(value)
        assert end == len(value)
        head = decode(head_bytes)[0]
        assert head[2] == number and head[1] == header[11:27] and head[12] == len(operations)
        assert operations_root(value) == head[13], f"the operations of record {number}"
        leaves.append(hashlib.sha256(b"\0" + head_bytes).digest())
        nodes += sum(operation[0] == 1 for operation in operations)
        edges += sum(operation[0] == 2 for operation in operations)
    print(f"{len(leaves)} {nodes} {edges} {merkle(leaves).hex()}")


main()
