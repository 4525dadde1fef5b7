extension DiagnosticCode {
    /// Every code, in the order of their numbers.
    public static let all: [DiagnosticCode] = [
        .syntax, .notUTF8, .fileTooLarge, .nestedTooDeep, .tooManyNodes, .anchorOrAlias, .tag,
        .severalDocuments, .duplicateKey, .wrongType, .unknownKey, .missingKey, .unknownWord, .badName,
        .declaredTwice, .notInThisVersion, .badDuration, .mixedTime, .badNumber, .badHours, .hoursPastMidnight,
        .hoursOverlap, .badDate, .badJurisdiction, .badZone, .undeclaredCalendar, .undeclaredEvent,
        .undeclaredFamily, .languageVersion, .keptBudget, .emptyList, .emptyPeriod, .tooManyFindings,
        .doesNotBelong, .noBecause, .limitZero, .capLimitsNothing, .calendarEnds, .midnightDouble,
        .dayIs24Hours, .neverOpen, .over, .pastHistory, .looksMisspelt, .unused,
        .scopeNeverMatches, .noSuchPlace, .shadowed, .hoursNeverMeet, .untested,
        .bodyRefused, .unknownFixture, .unknownRule, .tooLate,
        .unconfirmed, .noCite,
    ]
}
