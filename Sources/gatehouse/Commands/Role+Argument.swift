public import ArgumentParser
public import Identity
import Settings

extension Role: ExpressibleByArgument {}
