// The program that a fuzzer feeds. Built by `make fuzz` it is driven by libFuzzer, guided by coverage;
// built like everything else it replays files: `stemma-fuzz FILE...` ends with how many held.
//
//   STEMMA_FUZZ=parser  lexer, parser and printer only (fast)
//   STEMMA_FUZZ=query   binding, planning and running as well (the default)

import CFuzzer
import Foundation

let target = FuzzTarget(
  runsQueries: ProcessInfo.processInfo.environment["STEMMA_FUZZ"] != "parser")

#if FUZZING
  var argumentCount = CommandLine.argc
  var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
  exit(
    LLVMFuzzerRunDriver(&argumentCount, &arguments) { data, size in
      target.check(Array(UnsafeBufferPointer(start: data, count: size)))
      return 0
    })
#else
  var held = 0
  for path in CommandLine.arguments.dropFirst() {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    target.check(Array(bytes))
    held += 1
  }
  print("\(held) inputs held")
#endif
