// Prompts as code, for programs: how versions differ, and whether the recorded cases of a
// campaign's prompts hold. Nothing here writes to a store or a file.

import Base
import Glibc
import Lineage
import Models
public import Stemma

/// Differences and tests of prompts.
public enum Prompts {
  // MARK: Differences

  /// The unified difference of two prompts, each the key of a `Prompt` or the path of a file.
  /// Without a second one: of a stored version against what it supersedes, of a file against the
  /// newest stored version of its name. Empty where they are equal. Throws `key.not-found`,
  /// `file.unreadable`.
  public static func difference(
    _ old: String, _ new: String?, in database: Database
  ) throws -> String {
    let first = (name: old, text: try text(old, in: database))
    let (left, right) =
      try new.map { (first, (name: $0, text: try text($0, in: database))) }
      ?? (earlier(old, in: database), first)
    return TextDifference.unified(
      old: Array(left.text.utf8), new: Array(right.text.utf8), names: (left.name, right.name))
  }

  private static func isKey(_ word: String) -> Bool { RecordKey(word)?.kind == .prompt }

  private static func text(_ word: String, in database: Database) throws -> String {
    guard isKey(word) else {
      do { return try PromptFile.read(word, name: word).text } catch var error as StemmaError {
        error.advice = error.advice ?? "A prompt is named by its key, such as PR2, or by its file."
        throw error
      }
    }
    let found = try database.query(
      "MATCH (p:Prompt {key: $key}) RETURN p.text",
      parameters: ["key": .text(word.uppercased())])
    guard case .string(let text)? = found.rows.first?.first else {
      throw StemmaError(
        .keyNotFound, "there is no prompt \(word)", advice: "`stemma prompt list` has them.")
    }
    return text.string
  }

  /// What a key or a file is a change of.
  private static func earlier(
    _ word: String, in database: Database
  ) throws -> (name: String, text: String) {
    let query =
      isKey(word)
      ? """
      MATCH (p:Prompt {key: $word})
      OPTIONAL MATCH (p)-[:SUPERSEDES]->(before:Prompt)
      OPTIONAL MATCH (p)<-[:PRODUCED]-(:Proposal)-[:BASED_ON]->(:Proposal)
        -[:PRODUCED]->(base:Prompt)
      RETURN coalesce(before.key, base.key), coalesce(before.text, base.text)
      """
      : """
      MATCH (p:Prompt) WHERE p.name = $word OR p.name ENDS WITH '/' + $word
        OR $word ENDS WITH '/' + p.name
      RETURN p.key, p.text ORDER BY id(p) DESC LIMIT 1
      """
    let found = try database.query(
      query, parameters: ["word": .text(isKey(word) ? word.uppercased() : word)])
    guard let row = found.rows.first, let key = row[0].string, let text = row[1].string else {
      throw StemmaError(
        .keyNotFound,
        isKey(word) ? "\(word) is no change of another prompt" : "no version of \(word) is stored",
        advice: "Name two; `stemma prompt list` has those that are stored.")
    }
    return (key, text)
  }

  // MARK: Tests

  /// What became of one case.
  public struct Result: Sendable {
    public enum End: String, Sendable { case passed, failed, stale }

    /// The prompt, as the campaign spells it, and the name of the case.
    public var prompt: String
    public var name: String
    public var path: String
    public var end: End
    public var faults: [String]
    /// The case with the answer that was just given; `nil` where nobody was asked or answered.
    public var recording: String?

    init(_ one: PromptCase, _ prompt: PromptFile) {
      self.prompt = prompt.name
      name = one.name
      path = one.path
      end = .failed
      faults = []
    }
  }

  /// Where the cases of a campaign's prompts are looked for.
  public static func caseFolders(of campaign: Campaign) -> [String] {
    var folders: [String] = []
    for (_, declaration) in campaign.asked {
      for prompt in declaration.prompts where !prompt.isBuiltIn {
        let folder = PromptCase.folder(of: prompt)
        if !folders.contains(folder) { folders.append(folder) }
      }
    }
    return folders
  }

  /// Checks every case of every prompt of a campaign, in the order of the file and of their names.
  /// `asks` asks those who are declared, without tools; otherwise the recorded answers count, as
  /// long as they were given to the same text. Throws what reading a case throws.
  public static func test(_ campaign: Campaign, asks: Bool) throws -> [Result] {
    var results: [Result] = []
    var seen: Set<String> = []
    for (role, declaration) in campaign.asked {
      for prompt in declaration.prompts where !prompt.isBuiltIn {
        guard asks || seen.insert("\(role.rawValue) \(prompt.path)").inserted else { continue }
        for path in try PromptCase.paths(of: prompt) {
          let one = try PromptCase.read(path)
          if one.role == role {
            results.append(
              try asks ? ask(one, prompt, declaration, campaign) : check(one, prompt))
          } else if !campaign.asked.contains(where: {
            $0.role == one.role && $0.declaration.prompts.contains(prompt)
          }), seen.insert(path).inserted {
            // It would otherwise be a case that nobody ever checks.
            var result = Result(one, prompt)
            result.faults = ["it asks a \(one.role.rawValue), and none of them has this prompt"]
            results.append(result)
          }
        }
      }
    }
    return results
  }

  private static func check(_ one: PromptCase, _ prompt: PromptFile) -> Result {
    var result = Result(one, prompt)
    guard one.promptHash == prompt.contentHash, let answer = one.answer else {
      result.end = .stale
      result.faults = [
        one.answer == nil ? "no answer is recorded" : "recorded with another text of the prompt"
      ]
      return result
    }
    result.faults = one.faults(of: answer)
    if result.faults.isEmpty { result.end = .passed }
    return result
  }

  private static func ask(
    _ one: PromptCase, _ prompt: PromptFile, _ declaration: ProviderDeclaration,
    _ campaign: Campaign
  ) throws -> Result {
    var result = Result(one, prompt)
    let provider = try Loop.provider(declaration, campaign, nil, nil, { false })
    switch provider.reply(to: one.question(prompt, isModel: declaration.isModel)) {
    case .timedOut(let reason), .failed(let reason): result.faults = [reason]
    case .refused(let reasons): result.faults = reasons
    case .answered(let bytes):
      result.faults = one.faults(of: bytes)
      if result.faults.isEmpty { result.end = .passed }
      result.recording = PromptCase.text(
        request: one.request, answer: bytes, promptHash: prompt.contentHash, expect: one.expect)
    }
    return result
  }
}
