public import ArgumentParser
public import Identity

extension Event.Kind: ExpressibleByArgument {}
