public import ArgumentParser
public import Identity
import Settings

extension Event.Kind: ExpressibleByArgument {}
