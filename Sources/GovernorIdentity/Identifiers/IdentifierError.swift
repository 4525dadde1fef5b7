/// Why a text is no identifier. Never holds the text: the description is safe for a client and for a log.
public enum IdentifierError: Error, Hashable, Sendable {
    case phone(Phone)
    case email(Email)
    case key(Key)

    /// Why a text is no phone number.
    public enum Phone: Hashable, Sendable, CaseIterable {
        case empty
        case notANumber
        /// No calling code, and no country to take it from.
        case countryMissing
        case unknownCallingCode
        case tooShort
        case tooLong
        /// Between the shortest and the longest numbers of its country, and none there has this length.
        case impossibleLength
        /// A subscriber number without its area code.
        case areaCodeMissing
        /// The number library failed for a reason of its own.
        case failed
    }

    /// Why a text is no e-mail address.
    public enum Email: Hashable, Sendable, CaseIterable {
        case empty
        case invalidUTF8
        case atSignMissing
        case localPartEmpty
        case localPartTooLong
        case localPartCharacter
        case localPartQuoted
        case domainEmpty
        case domainTooLong
        case domainLabelEmpty
        case domainLabelTooLong
        case domainCharacter
        case domainHyphen
        case domainWithoutDot
        case domainIsAddress
        case domainNotInternational
        case tooLong
    }

    /// Why a text is no namespaced key.
    public enum Key: Hashable, Sendable, CaseIterable {
        case colonMissing
        case namespaceEmpty
        case namespaceTooLong
        case namespaceStart
        case namespaceCharacter
        case valueEmpty
        case valueTooLong
        case valueControlCharacter
        case valueSpaceAtEnd
        case invalidUTF8
    }
}

extension IdentifierError: CustomStringConvertible {
    /// A stable code for problem documents: `phone.too_short`.
    public var code: String {
        switch self {
        case .phone(let problem):
            switch problem {
            case .empty: "phone.empty"
            case .notANumber: "phone.not_a_number"
            case .countryMissing: "phone.country_missing"
            case .unknownCallingCode: "phone.unknown_calling_code"
            case .tooShort: "phone.too_short"
            case .tooLong: "phone.too_long"
            case .impossibleLength: "phone.impossible_length"
            case .areaCodeMissing: "phone.area_code_missing"
            case .failed: "phone.failed"
            }
        case .email(let problem):
            switch problem {
            case .empty: "email.empty"
            case .invalidUTF8: "email.invalid_utf8"
            case .atSignMissing: "email.at_sign_missing"
            case .localPartEmpty: "email.local_part_empty"
            case .localPartTooLong: "email.local_part_too_long"
            case .localPartCharacter: "email.local_part_character"
            case .localPartQuoted: "email.local_part_quoted"
            case .domainEmpty: "email.domain_empty"
            case .domainTooLong: "email.domain_too_long"
            case .domainLabelEmpty: "email.domain_label_empty"
            case .domainLabelTooLong: "email.domain_label_too_long"
            case .domainCharacter: "email.domain_character"
            case .domainHyphen: "email.domain_hyphen"
            case .domainWithoutDot: "email.domain_without_dot"
            case .domainIsAddress: "email.domain_is_address"
            case .domainNotInternational: "email.domain_not_international"
            case .tooLong: "email.too_long"
            }
        case .key(let problem):
            switch problem {
            case .colonMissing: "key.colon_missing"
            case .namespaceEmpty: "key.namespace_empty"
            case .namespaceTooLong: "key.namespace_too_long"
            case .namespaceStart: "key.namespace_start"
            case .namespaceCharacter: "key.namespace_character"
            case .valueEmpty: "key.value_empty"
            case .valueTooLong: "key.value_too_long"
            case .valueControlCharacter: "key.value_control_character"
            case .valueSpaceAtEnd: "key.value_space_at_end"
            case .invalidUTF8: "key.invalid_utf8"
            }
        }
    }

    public var description: String {
        switch self {
        case .phone(let problem):
            switch problem {
            case .empty: "the phone number is empty"
            case .notANumber: "not a phone number"
            case .countryMissing: "a phone number needs its calling code (`+1 …`) or the contact's `country`"
            case .unknownCallingCode: "no country has this calling code"
            case .tooShort: "too short for a phone number of this country"
            case .tooLong: "too long for a phone number of this country"
            case .impossibleLength: "no phone number of this country has this many digits"
            case .areaCodeMissing: "the phone number lacks its area code"
            case .failed: "the phone number could not be examined"
            }
        case .email(let problem):
            switch problem {
            case .empty: "the e-mail address is empty"
            case .invalidUTF8: "the e-mail address is not valid UTF-8"
            case .atSignMissing: "an e-mail address needs an `@`"
            case .localPartEmpty: "nothing stands before the `@`"
            case .localPartTooLong: "more than 64 bytes before the `@`"
            case .localPartCharacter: "a character that an e-mail address cannot have before its `@`"
            case .localPartQuoted: "quoted e-mail addresses are not supported"
            case .domainEmpty: "nothing stands after the `@`"
            case .domainTooLong: "the domain is longer than 253 bytes"
            case .domainLabelEmpty: "the domain has two dots in a row or starts with one"
            case .domainLabelTooLong: "a part of the domain is longer than 63 bytes"
            case .domainCharacter: "a character that a domain cannot have"
            case .domainHyphen: "a part of the domain starts or ends with a hyphen"
            case .domainWithoutDot: "the domain has no dot"
            case .domainIsAddress: "the domain is an IP address"
            case .domainNotInternational: "the domain is not a valid internationalised name"
            case .tooLong: "an e-mail address has at most 254 bytes"
            }
        case .key(let problem):
            switch problem {
            case .colonMissing: "a key is written `namespace:value`"
            case .namespaceEmpty: "the key's namespace is empty"
            case .namespaceTooLong: "the key's namespace is longer than 32 characters"
            case .namespaceStart: "the key's namespace must start with a letter from a to z"
            case .namespaceCharacter: "the key's namespace may have only a to z, 0 to 9, `_` and `-`"
            case .valueEmpty: "nothing stands after the key's colon"
            case .valueTooLong: "the key's value is longer than 256 bytes"
            case .valueControlCharacter: "the key's value has a control character"
            case .valueSpaceAtEnd: "the key's value starts or ends with a space"
            case .invalidUTF8: "the key is not valid UTF-8"
            }
        }
    }
}
