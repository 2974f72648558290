#!/usr/bin/env python3
"""Checks an audit bundle of Stemma, offline, with nothing but Python 3.8 and this file.

    python3 verify.py [FOLDER] [--key TEXT]... [--checkpoint FILE]...

--key is a verifier key that you got from somewhere else than the bundle; without one the bundle is
held against itself only. --checkpoint is a checkpoint that you kept: the log must be that one, or
extend it. Ends with 0 only when nothing is wrong. The formats are in Stemma's docs/audit.md.
"""
import argparse, base64, collections, hashlib, hmac, json, pathlib, re, sqlite3, struct, sys

FAULTS, UNCHECKED = [], []

def expect(condition, where, what, *values):
    """Notes a fault unless the condition holds."""
    if not condition and len(FAULTS) < 200:
        FAULTS.append("%s: %s" % (where, what % values if values else what))

def must(condition, what):
    if not condition:
        raise ValueError(what)

def sha256(data):
    return hashlib.sha256(data).digest()

# ---------- CBOR (RFC 8949, deterministic)
Tag = collections.namedtuple("Tag", "number content")

def head(data, at):
    """The major type and argument of the item at a position, and where its content starts."""
    major, low = data[at] >> 5, data[at] & 31
    if low < 24:
        return major, low, at + 1
    width = 1 << (low - 24)
    if low > 27 or at + 1 + width > len(data):
        raise ValueError("the bytes end inside an item, or its length is not definite")
    return major, int.from_bytes(data[at + 1:at + 1 + width], "big"), at + 1 + width

def decode(data, at=0):
    """The item at a position, and where the next one starts."""
    major, argument, after = head(data, at)
    if major == 0:
        return argument, after
    if major == 1:
        return -1 - argument, after
    if major in (2, 3):
        piece = bytes(data[after:after + argument])
        if len(piece) < argument:
            raise ValueError("the bytes end inside a string")
        return (piece if major == 2 else piece.decode("utf-8")), after + argument
    if major in (4, 5):
        items = []
        for _ in range(argument * (major - 3)):
            item, after = decode(data, after)
            items.append(item)
        return (items if major == 4 else pairs(items)), after
    if major == 6:
        content, after = decode(data, after)
        return Tag(argument, content), after
    if data[at] in (0xF4, 0xF5, 0xF6):
        return {0xF4: False, 0xF5: True, 0xF6: None}[data[at]], after
    form = {0xF9: ">e", 0xFA: ">f", 0xFB: ">d"}[data[at]]
    return struct.unpack(form, data[at + 1:after])[0], after

def pairs(items):
    return dict(zip(items[::2], items[1::2]))

# ---------- Ed25519 (RFC 8032), verifying only
P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)

def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(k, a):
    result = (0, 1, 1, 0)
    while k:
        result, a, k = add(result, a) if k & 1 else result, add(a, a), k >> 1
    return result

def point(data):
    """The point that 32 bytes stand for; None for those that stand for none."""
    number = int.from_bytes(data, "little")
    y, sign = number & (2 ** 255 - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P

def ed25519(key, signature, message):
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, point(b"\x58" + b"\x66" * 31)), add(r, times(h, a))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))

# ---------- signed notes (C2SP signed-note)
class Key:
    """A verifier key `name+hash+base64(type, key)`."""
    def __init__(self, text):
        self.text = text
        self.name, self.hash, data = text.split("+", 2)
        raw = base64.b64decode(data, validate=True)
        self.kind, self.bytes = raw[0], raw[1:]
        must(sha256(self.name.encode() + b"\n" + raw)[:4].hex() == self.hash, "wrong key hash")

class Note:
    def __init__(self, text):
        self.text, _, lines = text.rpartition("\n\n")
        self.text, self.signatures = self.text + "\n", []
        must(lines.endswith("\n"), "a note ends with a line break")
        for line in lines[:-1].split("\n"):
            dash, name, data = line.split(" ")
            raw = base64.b64decode(data, validate=True)
            must(dash == "\u2014" and len(raw) > 4, "a signature line is wrong")
            self.signatures.append((name, raw[:4].hex(), raw[4:]))
    def signed_by(self, keys):
        """The given keys that signed; a wrong signature of one of them is a fault."""
        good = []
        for key in keys:
            for name, number, signature in self.signatures:
                if (name, number) != (key.name, key.hash):
                    continue
                if key.kind not in (1, 4):
                    UNCHECKED.append("the signature of %s: its algorithm is not known here" % name)
                    continue
                message = self.text.encode()
                if key.kind == 4:  # a witness: eight bytes of time, then the signature
                    time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                    message = b"cosignature/v1\ntime %d\n" % time + message
                valid = ed25519(key.bytes, signature, message)
                expect(valid, "signature of " + name, "it is not of the text above it")
                good += [key] if valid else []
        return good

# ---------- Merkle trees (RFC 9162)
def leaf(data):
    return sha256(b"\0" + data)

class Tree:
    """Grows leaf by leaf; keeps every complete subtree, so that tiles can be compared."""
    def __init__(self, leaves=()):
        self.levels, self.peaks, self.size = [[]], [], 0
        for digest in leaves:
            self.add(digest)
    def add(self, digest):
        bits, level = self.size, 0
        self.levels[0].append(digest)
        while bits & 1:
            digest = sha256(b"\1" + self.peaks.pop() + digest)
            level, bits = level + 1, bits >> 1
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(digest)
        self.peaks.append(digest)
        self.size += 1
    def root(self):
        digest = self.peaks[-1] if self.peaks else sha256(b"")
        for peak in reversed(self.peaks[:-1]):
            digest = sha256(b"\1" + peak + digest)
        return digest

# ---------- records
FIELDS = ("format store transaction committedAt actor onBehalfOf reason requestID toolVersion "
          "queryHash parametersHash schemaHash operationCount operationsRoot").split()
KINDS = ("- createNode createEdge setNodeProperty setEdgeProperty addLabel removeLabel deleteNode "
         "deleteEdge defineSchema createIndex dropIndex trail").split()
WITHHELD = 64510

def read_header(data):
    fields, after = decode(data)
    must(after == len(data), "bytes follow the header")
    return {FIELDS[number]: value for number, value in fields.items()}

class Record:
    """One record of records.cbor: the header's bytes, the salts, the operations."""
    def __init__(self, data, at):
        major, count, after = head(data, at)
        must((major, count) == (4, 3), "a record is an array of three")
        self.header_bytes, after = decode(data, after)
        self.header = read_header(self.header_bytes)
        self.salts, after = decode(data, after)
        _, count, after = head(data, after)
        self.operations, self.leaves, self.withheld, self.place = [], [], [], 0
        for number in range(count):
            after = self.operation(data, after, number)
        self.end = after
    def operation(self, data, start, number):
        """Reads one operation and makes its leaf: commitments take the places of the values."""
        operation, end = decode(data, start)
        code, form = operation[0], bytes(data[start:end])
        if code in (1, 2, 3, 4):
            at = head(data, start)[2]
            for _ in range(len(operation) - 1 if code < 3 else 2):
                at = decode(data, at)[1]
            _, count, at = head(data, at) if code < 3 else (4, 2, at)
            form = bytes(data[start:at])
            for index in range(count // 2):
                value = decode(data, at)[1]
                after = decode(data, value)[1]
                commitment = self.commitment(data[value:after], number, index)
                form, at = form + bytes(data[at:value]) + b"\x58\x20" + commitment, after
        self.operations.append(operation)
        self.leaves.append(leaf(form))
        return end
    def commitment(self, value, number, index):
        salt = self.salts[self.place] if isinstance(self.salts, list) else hmac.new(
            self.salts, struct.pack(">II", number, index), hashlib.sha256).digest()
        self.place += 1
        content, _ = decode(value)
        if isinstance(content, Tag) and content.number == WITHHELD:
            self.withheld.append([self.header["transaction"], number, index])
            return content.content
        return sha256(salt + bytes(value))

def plain(value):
    """A value as the JSON files of the bundle have it."""
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    if isinstance(value, Tag):
        return {"$tag": [value.number, plain(value.content)]}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, float) and not -1.8e308 < value < 1.8e308:
        return {"$float": "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"}
    return value

def plain_record(record):
    header = {name: value.hex() if isinstance(value, bytes) else value
              for name, value in record.header.items()}
    return {"header": header, "operations": [
        [KINDS[operation[0]]] + plain(operation[1:]) for operation in record.operations]}

def same(a, b):
    """Equal, and of equal types: 1 is not 1.0 and not true."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)

# ---------- the graph that the records make
def set_values(properties, items):
    """Names and values in turn; a null ends a property, and a withheld value is not there."""
    for name, value in pairs(items).items():
        properties.pop(name, None)
        if value is not None and not (isinstance(value, Tag) and value.number == WITHHELD):
            properties[name] = plain(value)
    return properties

class Graph:
    def __init__(self):
        self.nodes, self.edges = {}, {}
    def apply(self, record):
        number = record.header["transaction"]
        for code, *rest in record.operations:
            new = {"created": number}
            if code == 1:
                new.update(key=rest[2], labels=sorted(rest[1]), properties=set_values({}, rest[3]))
                self.nodes[rest[0]] = new
            elif code == 2:
                new.update(type=rest[1], source=rest[2], target=rest[3],
                           properties=set_values({}, rest[4]))
                self.edges[rest[0]] = new
            elif code in (3, 4, 5, 6, 7, 8):
                # In a bundle of a part, an entity may have been made outside of it.
                kind = self.edges if code in (4, 8) else self.nodes
                entity = kind.get(rest[0])
                if entity and code in (3, 4):
                    set_values(entity["properties"], rest[1:])
                elif entity and code in (5, 6):
                    others = [label for label in entity["labels"] if label != rest[1]]
                    entity["labels"] = sorted(others + [rest[1]] * (6 - code))
                elif entity:
                    del kind[rest[0]]

def hashes_in(value):
    """The texts in a value that can be hashes of contents."""
    if isinstance(value, list):
        return [found for item in value for found in hashes_in(item)]
    return [value] if isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) else []

# ---------- the bundle
class Bundle:
    def __init__(self, folder, keys, kept):
        self.folder, self.trusted, self.kept = folder, {key.text for key in keys}, kept
        self.graph, self.tree, self.roots = Graph(), Tree(), [sha256(b"")]
        self.records, self.log_keys, self.references = {}, [], set()
    def read(self, path):
        return pathlib.Path(self.folder, path).read_bytes()
    def json(self, path):
        return json.loads(self.read(path).decode("utf-8"))
    def check(self):
        for step in (self.manifest, self.log, self.contents, self.keys, self.checkpoints,
                     self.tiles, self.absent, self.objects, self.sqlite):
            try:
                step()
            except Exception as error:  # whatever is wrong with a file, the others are checked
                expect(False, step.__name__, "%s: %s", type(error).__name__, error)
    def manifest(self):
        """Every file is the one that the list names, and no other is there."""
        self.list = self.json("bundle.json")
        files, root = self.list["files"], pathlib.Path(self.folder)
        present = {path.relative_to(root).as_posix() for path in root.rglob("*")
                   if not path.is_dir() or path.is_symlink()}
        for path in sorted(present - set(files) - {"bundle.json", "bundle.note"}):
            expect(False, path, "it is not in the list of bundle.json")
        for path in sorted(files):
            expect(path in present, path, "it is missing")
            same_hash = path not in present or sha256(self.read(path)).hex() == files[path]
            expect(same_hash, path, "its bytes are not those that bundle.json lists")
    def log(self):
        """All headers, in order, without a gap: the leaves of the tree."""
        self.origin, self.size = self.list["origin"], self.list["size"]
        last = {"transaction": 0, "committedAt": -2 ** 63}
        for number in range((self.size + 255) // 256):
            data, at = self.read(tile_path("tile/entries", number, self.size - 256 * number)), 0
            while at < len(data):
                start, at = at + 2, at + 2 + int.from_bytes(data[at:at + 2], "big")
                header = read_header(data[start:at])
                place = "record %d" % (self.tree.size + 1)
                expect(header["transaction"] == self.tree.size + 1, place, "it is another's header")
                expect(header["store"].hex() == self.origin[11:], place, "it is of another log")
                expect(header["committedAt"] > last["committedAt"], place, "it is too early")
                self.tree.add(leaf(data[start:at]))
                self.roots.append(self.tree.root())
                last = header
        expect(self.tree.size == self.size, "log", "%d headers, not %d", self.tree.size, self.size)
    def contents(self):
        """Every record of the bundle: its leaf, its operations' root, its values, its JSON."""
        data, at, last = self.read("records.cbor"), 0, 0
        lines = self.read("records.jsonl").decode("utf-8").split("\n")[:-1]
        while at < len(data):
            record = Record(data, at)
            at, number = record.end, record.header["transaction"]
            place = "record %d" % number
            expect(last < number <= self.size, place, "it is out of order, twice, or too late")
            last = number
            expect(leaf(record.header_bytes) == self.tree.levels[0][number - 1], place,
                   "its header is not the one in the log")
            expect(len(record.leaves) == record.header["operationCount"]
                   and Tree(record.leaves).root() == record.header["operationsRoot"], place,
                   "its operations or values are not those that were logged")
            expect(lines and same(json.loads(lines.pop(0)), plain_record(record)), "records.jsonl",
                   "the line of record %d is not what its bytes say", number)
            self.records[number] = record.withheld
            self.graph.apply(record)
            for operation in record.operations:
                if operation[0] in (1, 2, 3, 4):
                    self.references.update(hashes_in(operation[-1]))
                elif operation[0] == 12 and operation[1] in (1, 2):
                    self.key_statement(number, operation)
        expect(not lines, "records.jsonl", "it has more lines than there are records")
    def key_statement(self, number, operation):
        note, place = Note(operation[4].decode("utf-8")), "key statement of record %d" % number
        fields = dict(line.split(": ", 1) for line in note.text.split("\n")[1:-1])
        key, role = Key(fields["key"]), fields["role"]
        expect(fields["log"] == self.origin and operation[3] == key.text, place, "of another log")
        in_force = [known["key"] for known in self.log_keys
                    if known["role"] == "log" and known["revoked"] is None]
        signers = [signer.text for signer in note.signed_by(in_force)]
        expect(signers or not in_force, place, "no key in force vouches for it")
        if operation[1] == 1:
            expect(role != "log" or note.signed_by([key]), place, "the new key did not sign it")
            self.log_keys.append({"key": key, "role": role, "added": number, "revoked": None,
                                  "vouchers": signers})
        for known in self.log_keys if operation[1] == 2 and signers else []:
            if (known["key"].text, known["role"]) == (key.text, role):
                known["revoked"] = number
    def keys(self):
        """keys.json is what the records say; whom to trust starts from the keys given to us."""
        told = [dict(known, key=known["key"].text) for known in self.log_keys]
        expect(same(told, self.json("keys.json")), "keys.json", "it is not what the records say")
        if not self.trusted:
            UNCHECKED.append("who holds the log's keys: no --key was given, the bundle's own count")
            self.trusted = {known["key"].text for known in self.log_keys}
        for known in self.log_keys:
            if self.trusted & set(known["vouchers"]):
                self.trusted.add(known["key"].text)
    def log_keys_at(self, size):
        """The trusted keys that counted; a witness may have been entered after it signed."""
        return [known["key"] for known in self.log_keys
                if known["role"] != "runner" and known["key"].text in self.trusted
                and (known["role"] == "witness" or known["added"] <= size)
                and (known["revoked"] is None or size < known["revoked"])]
    def checkpoints(self):
        """The signed roots, old and new, are roots of this log; so are those kept elsewhere."""
        signed = {"checkpoint": self.size}
        signed.update({path: int(path[12:-5]) for path in self.list["files"]
                       if path.startswith("checkpoints/") and path.endswith(".note")})
        for path, size in sorted(signed.items()):
            note = Note(self.read(path).decode("utf-8"))
            self.hold(path, note.text)
            expect(int(note.text.split("\n")[1]) == size, path, "it is of another size")
            expect(any(key.kind == 1 for key in note.signed_by(self.log_keys_at(size))), path,
                   "no trusted key of the log that counted then signed it")
        for path in self.kept:
            self.hold(path, pathlib.Path(path).read_text("utf-8"))
        note = Note(self.read("bundle.note").decode("utf-8"))
        digest = sha256(self.read("bundle.json")).hex()
        words = "stemma bundle v1\n%s\n%d\n%s\n" % (self.origin, self.size, digest)
        expect(note.text == words, "bundle.note", "it is not about this bundle.json")
        expect(note.signed_by(self.log_keys_at(self.size)), "bundle.note",
               "no trusted key of the log signed it")
    def hold(self, path, text):
        """Holds a checkpoint against the log: it must be one of its earlier states."""
        origin, count, digest = text.split("\n")[:3]
        expect(origin == self.origin, path, "it is of the log %s", origin)
        if int(count) > self.size:
            expect(False, path, "rolled back: it has %s records, the log %d", count, self.size)
        else:
            expect(base64.b64decode(digest) == self.roots[int(count)], path,
                   "forked: the first %s records have another root", count)
    def tiles(self):
        for level in range(0, len(self.tree.levels), 8):
            hashes = self.tree.levels[level]
            for first in range(0, len(hashes), 256):
                part = hashes[first:first + 256]
                path = tile_path("tile/%d" % (level // 8), first // 256, len(part))
                expect(self.read(path) == b"".join(part), path, "it has other hashes")
    def absent(self):
        """What is not there is said to be absent, and nothing else is."""
        told = self.json("absent.json")
        missing = [n for n in range(1, self.size + 1) if n not in self.records]
        listed = [n for first, last in told["records"] for n in range(first, last + 1)]
        expect(missing == listed, "absent.json", "records are missing and not listed, or listed "
               "and there: %s", sorted(set(missing) ^ set(listed))[:10])
        withheld = [place for number in sorted(self.records) for place in self.records[number]]
        expect(withheld == [entry[:3] for entry in told["values"]], "absent.json",
               "it does not list exactly the values that are withheld")
        self.absent_objects = {entry["sha256"] for entry in told["objects"]}
    def objects(self):
        """Contents have their hashes, and every hash in a record leads to one or is listed."""
        present = set()
        for path in self.list["files"]:
            if path.startswith("objects/"):
                data, name = self.read(path), path[8:].replace("/", "")
                expect(sha256(data).hex() == name, path, "its bytes have another hash")
                present.add(name)
                if data.startswith(b"stemma tree 1\n"):
                    lines = data.decode("utf-8").split("\n")[1:-1]
                    self.references.update(line.split(" ")[1] for line in lines)
        for name in sorted((self.references - present) ^ self.absent_objects):
            expect(False, "objects", "%s is absent and not listed, or listed and there", name)
    def sqlite(self):
        """The SQLite copy is the graph that the records make."""
        path = pathlib.Path(self.folder, "graph.sqlite").resolve().as_uri()
        base = sqlite3.connect(path + "?mode=ro&immutable=1", uri=True)
        for what, columns in (("node", ("key", "labels")), ("edge", ("type", "source", "target"))):
            columns += ("created", "properties")
            made, seen = getattr(self.graph, what + "s"), set()
            for row in base.execute("SELECT id, %s FROM %ss" % (", ".join(columns), what)):
                told = [json.loads(cell) if column in ("labels", "properties") else cell
                        for column, cell in zip(columns, row[1:])]
                seen.add(row[0])
                expect(row[0] in made and same(told, [made[row[0]][name] for name in columns]),
                       "graph.sqlite", "%s %s is not what the records say", what, row[0])
            for name in sorted(set(made) - seen):
                expect(False, "graph.sqlite", "%s %s is missing", what, name)
        base.close()

def tile_path(prefix, number, width):
    """`x001/x234/067`, and `.p/W` for a tile that is not full (C2SP tlog-tiles)."""
    parts = ["%03d" % (number % 1000)]
    while number >= 1000:
        number //= 1000
        parts.insert(0, "x%03d" % (number % 1000))
    return prefix + "/" + "/".join(parts) + (".p/%d" % width if width < 256 else "")

def main():
    parser = argparse.ArgumentParser(description="Checks an audit bundle of Stemma.")
    parser.add_argument("folder", nargs="?", default=pathlib.Path(__file__).resolve().parent)
    parser.add_argument("--key", action="append", type=Key, default=[])
    parser.add_argument("--checkpoint", action="append", default=[])
    given = parser.parse_args()
    bundle = Bundle(given.folder, given.key, given.checkpoint)
    bundle.check()
    UNCHECKED.append("whether what was logged is true, and the time of a record without a witness")
    UNCHECKED.append("index.html, PROV, RO-Crate, in-toto, claims, receipts, time stamps: only that "
                     "they are in the signed list of files")
    for words in ["FAULT " + fault for fault in FAULTS] + ["not checked: " + n for n in UNCHECKED]:
        print(words)
    if not FAULTS:
        print("sound: %d records of %s, %d with their contents" % (
            bundle.size, bundle.origin, len(bundle.records)))
    return 1 if FAULTS else 0

if __name__ == "__main__":
    sys.exit(main())
