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
    let first = try text(old, in: database)
    let sides =
      try new.map { (first, try text($0, in: database)) } ?? (earlier(old, in: database), first)
    return TextDifference.unified(
      old: Array(sides.0.utf8), new: Array(sides.1.utf8), path: new ?? old)
  }

  private static func isKey(_ word: String) -> Bool { RecordKey(word)?.kind == .prompt }

  private static func text(_ word: String, in database: Database) throws -> String {
    guard isKey(word) else { return try PromptFile.read(word, name: word).text }
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
  private static func earlier(_ word: String, in database: Database) throws -> String {
    let query =
      isKey(word)
      ? """
      MATCH (p:Prompt {key: $word})
      OPTIONAL MATCH (p)-[:SUPERSEDES]->(before:Prompt)
      OPTIONAL MATCH (p)<-[:PRODUCED]-(:Proposal)-[:BASED_ON]->(:Proposal)
        -[:PRODUCED]->(base:Prompt)
      RETURN coalesce(before.text, base.text)
      """
      : """
      MATCH (p:Prompt) WHERE p.name = $word OR p.name ENDS WITH '/' + $word
        OR $word ENDS WITH '/' + p.name
      RETURN p.text ORDER BY id(p) DESC LIMIT 1
      """
    let found = try database.query(
      query, parameters: ["word": .text(isKey(word) ? word.uppercased() : word)])
    guard case .string(let text)? = found.rows.first?.first else {
      throw StemmaError(
        .keyNotFound,
        isKey(word) ? "\(word) is no change of another prompt" : "no version of \(word) is stored",
        advice: "Name two; `stemma prompt list` has those that are stored.")
    }
    return text.string
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
          guard one.role == role else { continue }
          results.append(
            try asks ? ask(one, prompt, declaration, campaign) : check(one, prompt))
        }
      }
    }
    return results
  }

  private static func check(_ one: PromptCase, _ prompt: PromptFile) -> Result {
    var result = Result(
      prompt: prompt.name, name: one.name, path: one.path, end: .stale, faults: [])
    guard one.promptHash == prompt.contentHash, let answer = one.answer else {
      result.faults = [
        one.answer == nil ? "no answer is recorded" : "recorded with another text of the prompt"
      ]
      return result
    }
    result.faults = one.faults(of: answer)
    result.end = result.faults.isEmpty ? .passed : .failed
    return result
  }

  private static func ask(
    _ one: PromptCase, _ prompt: PromptFile, _ declaration: ProviderDeclaration,
    _ campaign: Campaign
  ) throws -> Result {
    var result = Result(
      prompt: prompt.name, name: one.name, path: one.path, end: .failed, faults: [])
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
