public import ArgumentParser
public import Identity

extension Role: ExpressibleByArgument {}
