/// Names that most records use, which the formats write as a number of one byte. Part of the formats: entries keep
/// their places, and a further one needs a new format version.
enum WellKnownNames {
    static let texts = [
        "voice", "sms", "email", "push", "mail", "whatsapp",
        "marketing", "service", "collections", "survey", "transactional",
        "no_answer", "busy", "voicemail", "connected", "conversation", "refused", "complaint", "opt_out",
        "wrong_number",
        "abandoned", "sold", "delivered", "bounced", "failed",
        "written", "express", "implied",
        "agent", "web", "ivr", "api", "import",
        "purchase", "inquiry", "reassigned", "appointment", "attorney", "deceased",
    ]
    static let bits = texts.map { nameBits($0) }
    static let count = 39
}
