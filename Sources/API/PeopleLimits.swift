/// The limits on how clients can change the people of the directory.
public struct PeopleLimits: Sendable {
    /// The number of people at which the directory is full, so that no more can be added.
    public let maximum: Int
    /// How many times a minute one account may add, rename or remove a person.
    public let changesPerMinute: Int

    /// Creates limits; the defaults are those of the settings.
    public init(maximum: Int = 100_000, changesPerMinute: Int = 120) {
        self.maximum = maximum
        self.changesPerMinute = changesPerMinute
    }
}
