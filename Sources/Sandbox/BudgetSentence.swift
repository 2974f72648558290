// One sentence per budget, for records and messages.

enum BudgetSentence {
  static func text(_ budget: SandboxOutcome.Budget, _ limits: SandboxBudget) -> String {
    switch budget {
    case .wall: "it ran longer than \(limits.wallMilliseconds) ms"
    case .cpu: "it used more than \(limits.cpuMilliseconds) ms of processor time"
    case .memory: "it needed more than \(limits.memoryBytes) bytes of memory"
    case .processes: "it wanted more than \(limits.processes) processes at once"
    case .disk: "it wrote more than \(limits.diskBytes) bytes"
    case .inodes: "it made more than \(limits.inodes) files"
    case .log: "it wrote far more than \(limits.logBytes) bytes of output"
    }
  }
}
