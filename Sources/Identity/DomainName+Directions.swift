extension DomainName {
    /// Whether the label keeps the Bidi rule of RFC 5893, 2, as far as the Express backend kept it.
    ///
    /// There each label is judged alone, a label may begin with a digit or a symbol, and the last
    /// letter of a left-to-right label is not looked at.
    static func directionsFit(in label: ArraySlice<Unicode.Scalar>) -> Bool {
        let directions = label.map(Direction.init)
        let kinds = Set(directions)
        guard !kinds.isDisjoint(with: [.right, .arabicNumber]) else { return true }
        guard let end = directions.lastIndex(where: { $0 != .mark }) else { return false }
        guard directions.first != .left else {
            return Set(directions[..<end]).isDisjoint(with: [.right, .arabicNumber])
        }
        return !kinds.contains(.left)
            && !kinds.isSuperset(of: [.europeanNumber, .arabicNumber])
            && directions[end] != .neutral
    }

    /// Whether the first joiner of the label stands where RFC 5892, appendix A.1 and A.2, lets it;
    /// nil without a joiner.
    ///
    /// As in the Express backend the first joiner decides for the whole label, and the joining
    /// letters on its sides need not be the nearest.
    static func joinersFit(in label: ArraySlice<Unicode.Scalar>) -> Bool? {
        guard let joiner = label.firstIndex(where: { $0 == nonJoiner || $0 == zeroWidthJoiner })
        else { return nil }
        let (before, after) = (label[..<joiner], label[(joiner + 1)...])
        if before.last?.properties.canonicalCombiningClass == .virama { return true }
        return label[joiner] == nonJoiner
            && before.contains(where: joiningForward.contains)
            && after.contains { joiningForward.contains($0) || joiningBackward.contains($0) }
    }

    private static let nonJoiner: Unicode.Scalar = "\u{200C}"
    private static let zeroWidthJoiner: Unicode.Scalar = "\u{200D}"

    // Joining_Type dual (Phags-pa's one left-joining letter among them) and right, as the oracle
    // that `Mapping` names shows them.
    private static let joiningForward = CodePoints(
        """
        620 626 628 62a-62e 633-63f 641-647 649-64a 66e-66f 678-687 69a-6bf 6c1-6c2 6cc 6ce
        6d0-6d1 6fa-6fc 6ff 712-714 71a-71d 71f-727 729 72b 72d-72e 74e-758 75c-766 850-853 855
        8a0 8a2-8a9 1807 1820-1877 1887-18a8 18aa a840-a872
        """)
    private static let joiningBackward = CodePoints(
        """
        622-625 627 629 62f-632 648 671-673 675-677 688-699 6c0 6c3-6cb 6cd 6cf 6d2-6d3 6d5
        6ee-6ef 710 715-719 71e 728 72a 72c 72f 74d 759-75b 854 8aa-8ac
        """)
}

/// What the Bidi rule asks of a character: its Bidi_Class, with R and AL in one, and in `neutral`
/// whatever is allowed anywhere but at the end.
private enum Direction {
    case left, right, europeanNumber, arabicNumber, mark, neutral

    // The standard library has no Bidi_Class. The scripts that run to the left live in blocks of
    // their own; elsewhere letters and digits run to the right, and symbols and punctuation are
    // taken for neutral, which a few of them are not.
    init(_ scalar: Unicode.Scalar) {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: self = .mark
        case _ where Self.arabicNumbers.contains(scalar): self = .arabicNumber
        case _ where Self.europeanNumbers.contains(scalar): self = .europeanNumber
        case _ where Self.neutralInRight.contains(scalar): self = .neutral
        case _ where Self.rightToLeft.contains(scalar): self = .right
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .spacingMark, .decimalNumber, .letterNumber:
            self = .left
        default: self = .neutral
        }
    }

    private static let rightToLeft = CodePoints(
        "590-8ff 2135-2138 fb1d-fdff fe70-feff 10800-10fff 1e800-1efff")
    private static let neutralInRight = CodePoints(
        """
        606-607 609-60a 60c 60e-60f 66a 6de 6e9 7f6-7f9 fd3e-fd4f fdcf fdfd-fdff 1091f 10b39-10b3f
        1eef0-1eef1
        """)
    private static let arabicNumbers = CodePoints("660-669 66b-66c 10d30-10d39 10e60-10e7e")
    private static let europeanNumbers = CodePoints(
        "30-39 bc-be 6f0-6f9 2150-215f 2189 102e1-102fb")
}
