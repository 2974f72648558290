#!/usr/bin/env python3
"""Checks an audit bundle of Stemma, offline, with nothing but Python 3.8 and this file.

    python3 verify.py [FOLDER] [--key TEXT]... [--checkpoint FILE]...

--key is a verifier key that you got from somewhere else than the bundle; without one the bundle is
held against itself only. --checkpoint is a checkpoint that you kept: the log must be that one, or
extend it. Ends with 0 only when nothing is wrong. The formats are in Stemma's docs/audit.md.
"""
import argparse, base64, collections, hashlib, hmac, itertools, json, pathlib, re, sqlite3, struct
FAULTS, UNCHECKED = [], []

def expect(condition, where, what, *values):
    if not condition and len(FAULTS) < 200:
        FAULTS.append("%s: %s" % (where, what % values if values else what))
def must(condition, what):
    if not condition:
        raise ValueError(what)
def sha256(data):
    return hashlib.sha256(data).digest()
def unbase64(words):
    must(base64.b64encode(base64.b64decode(words)).decode() == words, "it is not base64")
    return base64.b64decode(words)

# ---------- CBOR (RFC 8949, deterministic)
Tag = collections.namedtuple("Tag", "number content")

def head(data, at):
    """The major type and argument of the item at a position, and where its content starts."""
    major, low = data[at] >> 5, data[at] & 31
    if low < 24:
        return major, low, at + 1
    after = at + 1 + (1 << (low - 24))
    must(low < 28 and after <= len(data), "the bytes end inside an item, or it has no definite end")
    argument = int.from_bytes(data[at + 1:after], "big")
    must(major == 7 or argument >= (24, 1 << 8, 1 << 16, 1 << 32)[low - 24], "a head is too long")
    return major, argument, after
def decode(data, at=0):
    """The item at a position, and where the next one starts."""
    major, argument, after = head(data, at)
    if major < 2:
        return -1 - argument if major else argument, after
    if major < 4:
        piece = bytes(data[after:after + argument])
        must(len(piece) == argument, "the bytes end inside a string")
        return piece if major == 2 else piece.decode("utf-8"), after + argument
    if major == 7:
        low = data[at] & 31
        return ({20: False, 21: True, 22: None}[low] if low < 24 else struct.unpack(
            {25: ">e", 26: ">f", 27: ">d"}[low], data[at + 1:after])[0]), after
    items = []
    for _ in range({4: argument, 5: 2 * argument, 6: 1}[major]):
        item, after = decode(data, after)
        items.append(item)
    return items if major == 4 else pairs(items) if major == 5 else Tag(argument, item), after
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
def point(data):  # None for bytes that stand for no point
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
        self.text, (self.name, self.hash, data) = text, text.split("+", 2)
        raw = unbase64(data)
        self.kind, self.bytes = raw[0], raw[1:]
        must(sha256(self.name.encode() + b"\n" + raw)[:4].hex() == self.hash, "wrong key hash")

class Note:
    def __init__(self, text):
        self.text, _, lines = text.rpartition("\n\n")
        self.text, self.signatures = self.text + "\n", []
        for line in lines[:-1].split("\n") if lines.endswith("\n") else [""]:
            _, name, data = line.split(" ")
            raw = unbase64(data)
            must(re.fullmatch("\u2014 [^\\s+\0-\x1f]+ .+", line) and len(raw) > 4, "a broken line")
            self.signatures.append((name, raw[:4].hex(), raw[4:]))
    def signed_by(self, keys):
        """The given keys that signed; a wrong signature of one of them is a fault."""
        good = []
        for key, (name, number, signature) in itertools.product(keys, self.signatures):
            if (name, number) != (key.name, key.hash):
                continue
            message, valid = self.text.encode(), False
            if key.kind == 4:  # a witness: eight bytes of time, then the signature
                time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                message = b"cosignature/v1\ntime %d\n" % time + message
            if key.kind in (1, 4):
                valid = ed25519(key.bytes, signature, message)
                expect(valid, "signature of " + name, "it is not of the text above it")
            else:
                UNCHECKED.append("the signature of %s: its algorithm is not known here" % name)
            good += [key] if valid else []
        return good

# ---------- Merkle trees (RFC 9162)
def leaf(data):
    return sha256(b"\0" + data)

class Tree:
    """Grows leaf by leaf; keeps every complete subtree, so that tiles can be compared."""
    def __init__(self, leaves=()):
        self.levels, self.peaks, self.size = [[] for _ in range(64)], [], 0
        for digest in leaves:
            self.add(digest)
    def add(self, digest):
        bits, level = self.size, 0
        self.levels[0].append(digest)
        while bits & 1:
            digest = sha256(b"\1" + self.peaks.pop() + digest)
            level, bits = level + 1, bits >> 1
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
WITHHELD, SHOWN = 64510, "committedAt actor onBehalfOf reason operationCount".split()
MEASURED = ("metric value unit split status seed items commitment answerHash failure").split()

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
        self.end, listed = after, isinstance(self.salts, list)
        must(len(self.salts) == (self.place if listed else 32) and (listed or self.place),
             "its salts do not fit its values")
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
        if is_withheld(content):
            must(salt is None and len(content.content) == 32, "a withheld value has a salt")
            self.withheld.append([self.header["transaction"], number, index])
            return content.content
        must(len(salt) == 32, "a salt is not of 32 bytes")
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
    operations = [[KINDS[code]] + plain(rest) for code, *rest in record.operations]
    return {"header": header, "operations": operations}
def text(value):
    """The one way in which a bundle writes what the records say as JSON."""
    words = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return words.replace("\x7f", "\\u007f")

# ---------- the graph that the records make
def is_withheld(value):
    return isinstance(value, Tag) and value.number == WITHHELD
def set_values(properties, items):
    """Names and values in turn; a null ends a property, and a withheld value is not there."""
    for name, value in pairs(items).items():
        properties.pop(name, None)
        if value is not None and not is_withheld(value):
            properties[name] = plain(value)
    return properties

class Graph:
    """Living nodes and edges by number, as [what they are, created, properties]."""
    def __init__(self):
        self.nodes, self.edges, self.silent = {}, {}, set()
    def apply(self, record):
        number = record.header["transaction"]
        for code, *rest in record.operations:
            # In a bundle of a part, an entity may have been made outside of it.
            kind = self.edges if code in (2, 4, 8) else self.nodes
            entity = kind.get(rest[0]) if code in (3, 4, 5, 6) else None
            if code in (1, 3) and any(map(is_withheld, rest[3] if code == 1 else rest[2:])):
                self.silent.add(rest[0])
            if code == 1:
                kind[rest[0]] = [[rest[2], sorted(rest[1])], number, set_values({}, rest[3])]
            elif code == 2:
                kind[rest[0]] = [rest[1:4], number, set_values({}, rest[4])]
            elif code in (7, 8):
                kind.pop(rest[0], None)
            elif entity and code < 5:
                set_values(entity[2], rest[1:])
            elif entity:
                others = [label for label in entity[0][1] if label != rest[1]]
                entity[0][1] = sorted(others + [rest[1]] * (6 - code))

# ---------- the bundle
class Bundle:
    def __init__(self, folder, keys, kept):
        self.folder, self.trusted, self.kept = folder, {key.text for key in keys}, kept
        self.graph, self.tree, self.roots = Graph(), Tree(), [sha256(b"")]
        self.records, self.rows, self.log_keys, self.references = {}, {}, [], set()
    def read(self, path):
        return pathlib.Path(self.folder, path).read_bytes()
    def check(self):
        for step in (self.manifest, self.log, self.contents, self.keys, self.checkpoints,
                     self.tiles, self.attested, self.absent, self.objects, self.sqlite):
            self.attempt(step.__name__, step)
    def attempt(self, place, step, *values):
        try:
            step(*values)
        except Exception as error:  # whatever is wrong with a file, the others are checked
            expect(False, place, "%s: %s", type(error).__name__, error)
    def manifest(self):
        """Every file is the one that the list names, and no other is there."""
        self.list = json.loads(self.read("bundle.json").decode("utf-8"))
        files, root = self.list["files"], pathlib.Path(self.folder)
        present = {path.relative_to(root).as_posix() for path in root.rglob("*")
                   if not path.is_dir() or path.is_symlink()} - {"bundle.json", "bundle.note"}
        for path in sorted(present ^ set(files)):
            expect(False, path, "it is %s the list of bundle.json",
                   "missing, and in" if path in files else "there, and not in")
        for path in sorted(present & set(files)):
            expect(sha256(self.read(path)).hex() == files[path], path,
                   "its bytes are not those that bundle.json lists")
    def log(self):
        """All headers, in order, without a gap: the leaves of the tree."""
        self.origin, self.size, last = self.list["origin"], self.list["size"], -2 ** 63
        for number in range((self.size + 255) // 256):
            data, at = self.read(tile_path("tile/entries", number, self.size - 256 * number)), 0
            while at < len(data):
                start, at = at + 2, at + 2 + int.from_bytes(data[at:at + 2], "big")
                header = read_header(data[start:at])
                place, store = "record %d" % (self.tree.size + 1), bytes.fromhex(self.origin[11:])
                expect((header["transaction"], header["store"]) == (self.tree.size + 1, store),
                       place, "it is another's header")
                expect(header["committedAt"] > last, place, "it is too early")
                self.tree.add(leaf(data[start:at]))
                self.roots.append(self.tree.root())
                last = header["committedAt"]
        expect(self.tree.size == self.size, "log", "%d headers, not %d", self.tree.size, self.size)
    def contents(self):
        """Every record of the bundle: its leaf, its operations' root, its values, its JSON."""
        data, at, last = self.read("records.cbor"), 0, 0
        lines = iter(self.read("records.jsonl").decode("utf-8").split("\n"))
        while at < len(data):
            record = Record(data, at)
            at, told, number = record.end, record.header, record.header["transaction"]
            place, digest = "record %d" % number, leaf(record.header_bytes)
            expect(last < number <= self.size, place, "it is out of order, twice, or too late")
            last = number
            expect(digest == self.tree.levels[0][number - 1], place,
                   "its header is not the one in the log")
            expect(len(record.leaves) == told["operationCount"]
                   and Tree(record.leaves).root() == told["operationsRoot"], place,
                   "its operations or values are not those that were logged")
            expect(next(lines, None) == text(plain_record(record)), "records.jsonl",
                   "the line of record %d is not what its bytes say", number)
            self.records[number] = record.withheld
            self.rows[number] = [told.get(name) for name in SHOWN] + [digest.hex()]
            self.graph.apply(record)
            said = [plain(operation) for operation in record.operations if operation[0] < 5]
            self.references.update(re.findall('"([0-9a-f]{64})"', text(said)))
            for operation in record.operations:
                if operation[0] == 12 and operation[1] in (1, 2):
                    self.key_statement(number, operation)
        expect(list(lines) == [""], "records.jsonl", "it has more lines than there are records")
    def key_statement(self, number, operation):
        note, place = Note(operation[4].decode("utf-8")), "key statement of record %d" % number
        fields = dict(line.split(": ", 1) for line in note.text.split("\n")[1:-1])
        key, role = Key(fields["key"]), fields["role"]
        expect(fields["log"] == self.origin and operation[3] == key.text, place, "of another log")
        in_force = [k["key"] for k in self.log_keys if (k["role"], k["revoked"]) == ("log", None)]
        signers = [signer.text for signer in note.signed_by(in_force)]
        expect(signers or not in_force, place, "no key in force vouches for it")
        if operation[1] == 1:
            expect(role != "log" or note.signed_by([key]), place, "the new key did not sign it")
            self.log_keys.append(dict(key=key, role=role, added=number, revoked=None,
                                      vouchers=signers))
        for known in self.log_keys if operation[1] == 2 and signers else []:
            if (known["key"].text, known["role"], known["revoked"]) == (key.text, role, None):
                known["revoked"] = number
    def keys(self):
        """keys.json is what the records say; whom to trust starts from the keys given to us."""
        told = [dict(known, key=known["key"].text) for known in self.log_keys]
        expect(self.read("keys.json").decode("utf-8") == "[\n%s\n]\n" % ",\n".join(map(text, told)),
               "keys.json", "it is not what the records say")
        if not self.trusted:
            UNCHECKED.append("who holds the log's keys: no --key was given, the bundle's own count")
            self.trusted = {known["key"].text for known in self.log_keys}
        for known in self.log_keys:
            self.trusted |= {known["key"].text} if self.trusted & set(known["vouchers"]) else set()
    def keys_at(self, size, *roles):
        """The trusted keys that counted; a witness may have been entered after it signed."""
        return [known["key"] for known in self.log_keys
                if known["role"] in roles and known["key"].text in self.trusted
                and (known["role"] == "witness" or known["added"] <= size)
                and (known["revoked"] is None or size < known["revoked"])]
    def checkpoints(self):
        """The signed roots, old and new, are roots of this log; so are those kept elsewhere."""
        signed = {path: int(path[12:-5]) for path in self.list["files"]
                  if path.startswith("checkpoints/") and path.endswith(".note")}
        signed["checkpoint"] = self.size
        for path, size in sorted(signed.items()):
            note = Note(self.read(path).decode("utf-8"))
            self.hold(path, note.text)
            expect(int(note.text.split("\n")[1]) == size, path, "it is of another size")
            signers = note.signed_by(self.keys_at(size, "log", "witness"))
            expect(any(key.kind == 1 for key in signers), path,
                   "no trusted key of the log that counted then signed it")
        for path in self.kept:
            self.hold(path, pathlib.Path(path).read_text("utf-8"))
        note = Note(self.read("bundle.note").decode("utf-8"))
        words = (self.origin, self.size, sha256(self.read("bundle.json")).hex())
        expect(note.text == "stemma bundle v1\n%s\n%d\n%s\n" % words, "bundle.note",
               "it is not about this bundle.json")
        expect(note.signed_by(self.keys_at(self.size, "log")), "bundle.note",
               "no trusted key of the log signed it")
    def hold(self, path, text):
        """Holds a checkpoint against the log: it must be one of its earlier states."""
        origin, count, digest = text.split("\n")[:3]
        expect(origin == self.origin, path, "it is of the log %s", origin)
        expect(int(count) <= self.size, path, "rolled back: the log has not %s records", count)
        expect(unbase64(digest) in self.roots[int(count):][:1] or int(count) > self.size,
               path, "forked: the first %s records have another root", count)
    def attested(self):
        """What is said to be attested has a statement about itself, signed by a runner."""
        runs = {source: self.graph.nodes[target][0][0] for (kind, source, target), _, _
                in self.graph.edges.values() if kind == "EVALUATES" and target in self.graph.nodes}
        for number, ((name, labels), created, told) in sorted(self.graph.nodes.items()):
            if told.get("standing") == "attested" and number not in self.graph.silent:
                self.attempt(name, self.attestation, name, created, told, runs.get(number))
            elif told.get("standing") == "attested":
                UNCHECKED.append("the attestation of %s: something of it is withheld" % name)
    def attestation(self, name, created, told, run):
        words, (signer, _, line) = told["statement"].encode(), told["signature"].partition(" ")
        message = b"DSSEv1 28 application/vnd.in-toto+json %d %s" % (len(words), words)
        valid = [key for key in self.keys_at(created - 1, "runner")
                 if signer == key.name + "+" + key.hash
                 and ed25519(key.bytes, unbase64(line), message)]
        expect(valid, name, "it is said to be attested, and no trusted runner signed that")
        measured = json.loads(words)["predicate"]["measured"]
        facts = dict({fact: told[fact] for fact in MEASURED if fact in told}, log=self.origin)
        facts["run"] = run or measured["run"]
        expect(text(measured) == text(facts), name, "its runner attested other facts")
    def tiles(self):
        for level, hashes in enumerate(self.tree.levels[::8]):
            for first in range(0, len(hashes), 256):
                part = hashes[first:first + 256]
                path = tile_path("tile/%d" % level, first // 256, len(part))
                expect(self.read(path) == b"".join(part), path, "it has other hashes")
    def absent(self):
        """What is not there is said to be absent, and nothing else is."""
        told = json.loads(self.read("absent.json").decode("utf-8"))
        places = [place for number in sorted(self.records) for place in self.records[number]]
        missing = [n for n in range(1, self.size + 1) if n not in self.records]
        listed = [n for first, last in told["records"] for n in range(first, last + 1)]
        expect(missing == listed, "absent.json", "records are missing or listed, and not both: %s",
               sorted(set(missing) ^ set(listed))[:10])
        expect(places == [entry[:3] for entry in told["values"]], "absent.json",
               "it does not list exactly the values that are withheld")
        self.absent_objects = {digest for digest, _ in told["objects"]}
    def objects(self):
        """Contents have their hashes, and every hash in a record leads to one or is listed."""
        present = set()
        for path in self.list["files"]:
            if path.startswith("objects/"):
                data, name = self.read(path), path[8:].replace("/", "")
                expect(sha256(data).hex() == name, path, "its bytes have another hash")
                present.add(name)
                if data.startswith(b"stemma tree 1\n"):
                    found = re.findall(rb"(?m)^[^ \n]+ ([0-9a-f]{64})(?= |$)", data)
                    self.references.update(name.decode() for name in found)
        for name in sorted((self.references - present) ^ self.absent_objects):
            expect(False, "objects", "%s is absent and not listed, or listed and there", name)
    def sqlite(self):
        """The SQLite copy is sound in itself, and the graph that the records make."""
        path = pathlib.Path(self.folder, "graph.sqlite").resolve().as_uri()
        base = sqlite3.connect(path + "?mode=ro&immutable=1", uri=True)
        sound = base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        expect(sound, "graph.sqlite", "its pages or indexes are damaged")
        nodes = {number: [key, (labels or [None])[0], text(labels), created, text(told)]
                 for number, ((key, labels), created, told) in self.graph.nodes.items()}
        edges = {number: ends + [created, text(told)]
                 for number, (ends, created, told) in self.graph.edges.items()}
        for table, made, columns in (
                ("nodes", nodes, "id, key, label, labels, created, properties"),
                ("edges", edges, "id, type, source, target, created, properties"),
                ("records", self.rows, "record, committed_at, actor, on_behalf_of, reason, "
                                       "operations, leaf")):
            seen = set()
            for number, *row in base.execute("SELECT %s FROM %s" % (columns, table)):
                seen.add(number)
                expect(text(row) == text(made.get(number)), "graph.sqlite",
                       "row %s of %s is not what the records say", number, table)
            expect(seen >= set(made), "graph.sqlite", "rows of %s are missing: %s", table,
                   sorted(set(made) - seen)[:10])
        base.close()

def tile_path(prefix, number, width):
    """`x001/x234/067`, and `.p/W` for a tile that is not full (C2SP tlog-tiles)."""
    parts = ["x%03d" % int(part) for part in "{:,}".format(number).split(",")]
    suffix = ".p/%d" % width if width < 256 else ""
    return "/".join([prefix] + parts[:-1] + [parts[-1][1:]]) + suffix

def main():
    parser = argparse.ArgumentParser(description="Checks an audit bundle of Stemma, offline.")
    parser.add_argument("folder", nargs="?", default=pathlib.Path(__file__).resolve().parent)
    parser.add_argument("--key", action="append", type=Key, default=[])
    parser.add_argument("--checkpoint", action="append", default=[])
    given = parser.parse_args()
    bundle = Bundle(given.folder, given.key, given.checkpoint)
    bundle.check()
    UNCHECKED.extend((
        "whether what was logged is true, and the time of a record without a witness",
        "index.html, PROV, RO-Crate, in-toto, claims, receipts, time stamps: only their hashes"))
    for words in ["FAULT " + fault for fault in FAULTS] + ["not checked: " + n for n in UNCHECKED]:
        print(words)
    if not FAULTS:
        print("sound: %d records of %s, %d with their contents" % (
            bundle.size, bundle.origin, len(bundle.records)))
    return 1 if FAULTS else 0

if __name__ == "__main__":
    raise SystemExit(main())
