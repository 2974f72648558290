// `stemma init --from`: code that is there already becomes a campaign that runs, and what the
// sandbox refuses is told with the line that grants it.

import Foundation
import Testing

@testable import StemmaCommand

@Suite("Adoption")
struct AdoptionTests {
  private func with(_ files: [String: String], _ body: (CommandRunner) throws -> Void) throws {
    let runner = try CommandRunner()
    defer { runner.remove() }
    for (path, text) in files {
      let file = runner.folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try body(runner)
  }

  private func git(_ runner: CommandRunner, _ words: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["git", "-C", runner.folder.path, "-c", "user.name=t", "-c", "user.email=t@t"] + words
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  private static let train = """
    import argparse
    import random

    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=0.1, help="how fast")
    parser.add_argument("--hidden", type=int, default=16)
    parser.add_argument("--act", choices=["relu", "tanh"], default="relu")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    bias = float(open("data/bias.txt").read())
    noise = random.Random(options.seed).gauss(0, 0.01)
    for epoch in range(options.epochs):
        loss = abs(options.rate - 0.4) + bias + noise
        print(f"epoch {epoch}: train loss 0.0, test loss {loss:.4f}")

    """

  @Test("a repository becomes a campaign that measures its noise and reports")
  func repository() throws {
    let files = [
      "train.py": Self.train, "data/bias.txt": "0.0", ".gitignore": "data/\n",
      "weights.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
    ]
    try with(files) { runner in
      try git(runner, ["init", "-q"])
      try git(runner, ["add", "-A"])
      try git(runner, ["commit", "-qm", "start"])
      try Data((Self.train + "# changed\n").utf8).write(
        to: runner.folder.appendingPathComponent("train.py"))
      let made = try runner.run(["init", "--from", "."])
      #expect(made.exitCode == 0, "\(made.standardError)")
      for words in [
        "1 files differ from it and are captured as they are: train.py",
        "weights.bin is only a pointer of Git LFS", "rate, hidden_value, act",
        "grant    data", "score    test_loss = 0.", "stemma loop run stemma/campaign.toml",
      ] { #expect(made.standardOutput.contains(words), "\(words)\n\(made.standardOutput)") }
      let run = try runner.run(["loop", "run", "stemma/campaign.toml", "--quiet"])
      #expect(run.exitCode == 0, "\(run.standardError)")
      let facts = try runner.run([
        "query",
        "MATCH (c:Campaign)-[:USES]->(d:Dataset {name: 'data'}), (r:Report {kind: 'campaign'}) "
          + "RETURN c.sourceCommit IS NOT NULL, c.sourceChanged, d.sizeBytes, count(r)",
        "--format", "csv",
      ])
      #expect(facts.standardOutput.contains("true,['train.py'],3,1"), "\(facts)")
      // Its file lies within its source, and the store does not know where.
      for words in [["loop", "status"], ["ask"], ["checkout", "best"]] {
        let asked = try runner.run(words)
        #expect(asked.exitCode == 0, "\(words) \(asked.standardError)")
      }
      // What the campaign rests on has changed: it does not go on.
      try Data("0.5".utf8).write(to: runner.folder.appendingPathComponent("data/bias.txt"))
      let again = try runner.run(["loop", "run", "stemma/campaign.toml", "--quiet"])
      #expect(again.exitCode == 4)
      #expect(again.standardError.contains("'data' has changed since the campaign"), "\(again)")
    }
  }

  @Test("a file that alone is left out is granted alone, and is nobody's output")
  func oneFile() throws {
    let files = [
      "train.py": Self.train, "data/bias.txt": "0.0", "data/words.txt": "a",
      "train": "ignored, and its name begins another's",
      ".gitignore": "data/bias.txt\n/train\n",
    ]
    try with(files) { runner in
      try git(runner, ["init", "-q"])
      try git(runner, ["add", "-A"])
      try git(runner, ["commit", "-qm", "start"])
      let made = try runner.run(["init", "--from", "."])
      #expect(made.exitCode == 0, "\(made.standardError)")
      #expect(made.standardOutput.contains("grant    data/bias.txt, which"), "\(made)")
      #expect(!made.standardOutput.contains("nobody keeps"), "\(made)")
    }
  }

  @Test("a program in two files; what a tree cannot hold is left out and told")
  func oddities() throws {
    let files = [
      "train.py": """
      import options
      given = options.read()
      assert given.table == float("inf")
      print("val_loss:", abs(given.rate - 0.4) + open("big.bin", "rb").read(1)[0])
      """,
      "options.py": """
      import argparse
      def read():
          parser = argparse.ArgumentParser()
          parser.add_argument("--rate", type=float, default=0.1)
          parser.add_argument("--table", type=float, default=float("inf"))
          parser.add_argument("--no-bias", action="store_true")
          return parser.parse_args()
      """,
      "evaluate.py": """
      import argparse
      argparse.ArgumentParser().parse_args()
      """,
      "odd\nname": "", "deep/a/b/c/d/e/file": "",
    ]
    try with(files) { runner in
      let path = runner.folder.path
      #expect(mkfifo(path + "/pipe", 0o600) == 0)
      #expect(symlink("/etc", path + "/deep/a/b/c/d/e/link") == 0)
      close(creat(path + "/big.bin", 0o600))
      #expect(truncate(path + "/big.bin", 200 << 20) == 0)
      try FileManager.default.createDirectory(
        atPath: path + "/many", withIntermediateDirectories: false)
      for number in 0..<5_200 { close(creat(path + "/many/\(number)", 0o600)) }
      let made = try runner.run(["init", "--from", "."])
      #expect(made.exitCode == 0, "\(made.standardError)")
      for words in [
        "program python3 train.py (others: ", "parser: rate\n", "pipe is a special file",
        "\"odd\\nname\" has an odd name", "big.bin has 200 MiB", "deep/a/b/c/d/e/link is a link",
        "grant    big.bin", "score    val_loss = 0.3",
      ] { #expect(made.standardOutput.contains(words), "\(words)\n\(made.standardOutput)") }
      let file = runner.folder.appendingPathComponent("stemma/campaign.toml")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains("# Left as they are: --table --no-bias"), "\(text)")
      // A name that is no text can neither be captured nor excluded.
      try FileManager.default.removeItem(at: file)
      let bytes: [CChar] = path.utf8CString.dropLast() + [47, -1, 0]
      close(creat(bytes, 0o600))
      let refused = try runner.run(["init", "--from", "."])
      #expect(refused.standardError.contains("is not UTF-8"), "\(refused)")
    }
  }

  @Test("a configuration file gives parameters where the program has no options")
  func configuration() throws {
    let files = [
      "main.py": """
      import json, os, sys
      settings = json.load(open("config.json"))
      if __name__ == "__main__":
          assert settings["seed"] == int(os.environ["STEMMA_SEED"]), settings
          assert os.path.isdir(settings["out_dir"]) and settings["out_dir"] != "runs", settings
          print("INFO val_loss:", abs(settings["rate"] - 0.4), file=sys.stderr)
      """,
      "config.json": """
      {
        "rate": 0.1,
        "seed": 0,
        "out_dir": "runs",
        "epochs": 3
      }

      """,
    ]
    try with(files) { runner in
      let made = try runner.run(["init", "--from", ".", "--campaign", "plain"])
      #expect(made.exitCode == 0, "\(made.standardError)")
      #expect(made.standardOutput.contains("parameters in config.json: rate\n"), "\(made)")
      #expect(made.standardOutput.contains("score    val_loss = 0.3"), "\(made)")
      let file = runner.folder.appendingPathComponent("stemma/campaign.toml")
      var text = try String(contentsOf: file, encoding: .utf8)
      text = text.replacing("default = 0.1", with: "default = 0.4")
      try Data(text.utf8).write(to: file)
      let tried = try runner.run(["loop", "trial", "stemma/campaign.toml"])
      #expect(tried.standardOutput.contains("score    val_loss = 0.0\n"), "\(tried)")
      #expect(try runner.run(["init", "--from", "."]).exitCode == 2)
    }
  }

  @Test("what the sandbox refuses is told with the line that grants it")
  func refusals() throws {
    let hoard = "print(1)\nx = bytearray(700 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1\n"
    try with(["train.py": hoard + "# parse_args("]) { runner in
      let outside = FileManager.default.temporaryDirectory
        .appendingPathComponent("outside-\(UUID().uuidString)")
      try Data("1".utf8).write(to: outside)
      defer { try? FileManager.default.removeItem(at: outside) }
      #expect(try runner.run(["init", "--from", "."]).exitCode == 0)
      let file = runner.folder.appendingPathComponent("stemma/campaign.toml")
      let text = try String(contentsOf: file, encoding: .utf8)
      func tell(_ program: String, _ edit: (String) -> String = { $0 }) throws -> String {
        try Data(program.utf8).write(to: runner.folder.appendingPathComponent("train.py"))
        try Data(edit(text).utf8).write(to: file)
        let tried = try runner.run(
          ["loop", "trial", "stemma/campaign.toml"], environment: ["DATA_HOME": "/data"])
        #expect(tried.exitCode == 4)
        return tried.standardOutput
      }
      #expect(
        try tell("open('\(outside.path)')\n").contains(
          "grant  read_only = [\"\(outside.path)\"]   # in [run]"))
      #expect(
        try tell("import os\nos.environ['DATA_HOME']\n").contains(
          "grant  environment = { DATA_HOME = \"/data\" }   # in [run]"))
      #expect(try tell("import nowhere_at_all\n").contains("grant  folder = \"PATH OF A VENV\""))
      #expect(
        try tell("import urllib.request as r\nr.urlopen('http://example.org')\n").contains(
          "nothing grants that: download first"))
      #expect(
        try tell("open('/usr/x', 'w')\n").contains("cannot be written"))
      let long = try tell("import time\ntime.sleep(9)\n") {
        $0.replacing(#/budget = \{ wall = "\d+s"/#, with: "budget = { wall = \"1s\"")
      }
      #expect(long.contains("grant  wall = \"2s\"   # in [run.budget]"), "\(long)")
    }
  }

  @Test(
    "numbers are found in what programs print",
    arguments: [
      ("After iteration 50: train acc 88.2%, test acc 85.1%", "test_acc", 85.1),
      ("epoch 3 val_loss: 0.32", "val_loss", 0.32), ("loss=0.5 lr=0.1", "loss", 0.5),
      ("Test Accuracy: 0.97", "Test_Accuracy", 0.97), ("| mae | 1e-3 |", "mae", 1e-3),
    ])
  func numbers(line: String, name: String, value: Double) {
    let found = ReportedMetric.inText(line).first { $0.name == name }
    #expect(found?.value == value)
  }

  @Test("command lines are cut as shells cut them")
  func words() throws {
    #expect(try ShellWords.split(#"a 'b c' "d\"e" f\ g ''"#) == ["a", "b c", "d\"e", "f g", ""])
    #expect(throws: (any Error).self) { try ShellWords.split("a 'b") }
    #expect(throws: (any Error).self) { try ShellWords.split("  ") }
  }
}
