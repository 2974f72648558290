// `stemma completions SHELL`: the script that teaches a shell our commands.

import ArgumentParser

struct CompletionsCommand: ParsableCommand {
  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish
  }

  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Print a completion script for a shell.",
    discussion: """
      Examples:
        stemma completions bash > /etc/bash_completion.d/stemma
        stemma completions zsh > ~/.zfunc/_stemma
        stemma completions fish > ~/.config/fish/completions/stemma.fish
      """)

  @Argument(help: "bash, zsh or fish.")
  var shell: Shell

  func run() throws {
    let kind: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    try Terminal.print(StemmaCommand.completionScript(for: kind) + "\n")
  }
}
