/// An event that can happen next.
enum Move: Equatable {
    case tick
    case send(TokenPosition)
    case handle(TokenPosition, Decision)
    case land(TokenPosition)
    case lose(Tab.Phase, TokenPosition)
    case use(TokenPosition, Decision)
    case logOut(clearsJar: Bool)
    case restart
    case changeKey
    case setClock(Int)
    case copy(TokenPosition)
    case stealRefresh(TokenPosition, isStrict: Bool, Decision)
    case stealUse(TokenPosition, Decision)
}
