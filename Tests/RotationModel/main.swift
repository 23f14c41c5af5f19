import Glibc

// Explores the rule of docs/rotation.md, then every mutant of it. `make model` runs this program. With
// the argument "traces" it also prints how each mutant fails.

func explore(_ settings: Settings) -> Outcome {
    var search = Search(settings)
    return search.run()
}

func printTrace(_ outcome: Outcome) {
    for line in Narration.lines(of: outcome.trace) { print("    " + line) }
}

let printsTraces = CommandLine.arguments.contains("traces")
var failures = 0

let rule = Table("the rule", verdict: "holds")
var total = Outcome()
for settings in Settings.runs {
    let outcome = explore(settings)
    total.states += outcome.states
    total.transitions += outcome.transitions
    total.seconds += outcome.seconds
    let verdict = outcome.broken.map { "BREAKS \($0.rawValue)" } ?? settings.properties
    rule.add(settings, outcome, verdict: verdict)
    guard outcome.broken != nil else { continue }
    failures += 1
    printTrace(outcome)
}
rule.close(total)

print()
let mutants = Table("broken on purpose", verdict: "caught by")
for mutant in Mutant.allCases {
    let settings = mutant.counterexample
    let outcome = explore(settings)
    let caught = outcome.broken.map { "\($0.rawValue), \(outcome.trace.count) moves" }
    mutants.add(settings, outcome, verdict: caught ?? "NOTHING")
    if caught == nil { failures += 1 }
    if printsTraces { printTrace(outcome) }
}

print()
print(failures == 0 ? "All as it must be." : "\(failures) not as they must be.")
exit(failures == 0 ? 0 : 1)
