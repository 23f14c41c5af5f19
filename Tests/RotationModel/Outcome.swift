/// The result of a search.
struct Outcome {
    var states = 0
    var transitions = 0
    /// The number of moves to the states farthest from the start.
    var depth = 0
    var seconds = 0.0
    var broken: Property?
    /// The shortest sequence of moves that breaks the property; empty if all properties hold.
    var trace: [(Move, World)] = []
}
