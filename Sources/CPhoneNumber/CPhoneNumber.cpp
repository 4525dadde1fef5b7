#include "CPhoneNumber.h"

#include <cstring>
#include <string>

#include <phonenumbers/logger.h>
#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::NullLogger;
using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

// The library writes to standard output until it is given another logger; standard output is the governor's own.
const PhoneNumberUtil &library() {
    static const PhoneNumberUtil *const instance = [] {
        PhoneNumberUtil *util = PhoneNumberUtil::GetInstance();
        util->SetLogger(new NullLogger());
        return util;
    }();
    return *instance;
}

governor_phone refused(governor_phone_status status) {
    governor_phone result = {};
    result.status = static_cast<uint8_t>(status);
    result.type = GOVERNOR_PHONE_UNKNOWN;
    return result;
}

uint8_t typeOf(PhoneNumberUtil::PhoneNumberType type) {
    switch (type) {
    case PhoneNumberUtil::FIXED_LINE: return GOVERNOR_PHONE_FIXED;
    case PhoneNumberUtil::MOBILE: return GOVERNOR_PHONE_MOBILE;
    case PhoneNumberUtil::FIXED_LINE_OR_MOBILE: return GOVERNOR_PHONE_FIXED_OR_MOBILE;
    case PhoneNumberUtil::TOLL_FREE: return GOVERNOR_PHONE_TOLL_FREE;
    case PhoneNumberUtil::PREMIUM_RATE: return GOVERNOR_PHONE_PREMIUM;
    case PhoneNumberUtil::SHARED_COST: return GOVERNOR_PHONE_SHARED_COST;
    case PhoneNumberUtil::VOIP: return GOVERNOR_PHONE_VOIP;
    case PhoneNumberUtil::PERSONAL_NUMBER: return GOVERNOR_PHONE_PERSONAL;
    case PhoneNumberUtil::PAGER: return GOVERNOR_PHONE_PAGER;
    case PhoneNumberUtil::UAN: return GOVERNOR_PHONE_UAN;
    case PhoneNumberUtil::VOICEMAIL: return GOVERNOR_PHONE_VOICEMAIL;
    case PhoneNumberUtil::UNKNOWN: return GOVERNOR_PHONE_UNKNOWN;
    }
    return GOVERNOR_PHONE_UNKNOWN;
}

governor_phone_status statusOf(PhoneNumberUtil::ErrorType error) {
    switch (error) {
    case PhoneNumberUtil::NO_PARSING_ERROR: return GOVERNOR_PHONE_POSSIBLE;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR: return GOVERNOR_PHONE_INVALID_CALLING_CODE;
    case PhoneNumberUtil::NOT_A_NUMBER: return GOVERNOR_PHONE_NOT_A_NUMBER;
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN: return GOVERNOR_PHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG_NSN: return GOVERNOR_PHONE_TOO_LONG;
    }
    return GOVERNOR_PHONE_FAILED;
}

governor_phone_status statusOf(PhoneNumberUtil::ValidationResult result) {
    switch (result) {
    case PhoneNumberUtil::IS_POSSIBLE: return GOVERNOR_PHONE_POSSIBLE;
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY: return GOVERNOR_PHONE_LOCAL_ONLY;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE: return GOVERNOR_PHONE_INVALID_CALLING_CODE;
    case PhoneNumberUtil::TOO_SHORT: return GOVERNOR_PHONE_TOO_SHORT;
    case PhoneNumberUtil::INVALID_LENGTH: return GOVERNOR_PHONE_INVALID_LENGTH;
    case PhoneNumberUtil::TOO_LONG: return GOVERNOR_PHONE_TOO_LONG;
    }
    return GOVERNOR_PHONE_FAILED;
}

void describe(const PhoneNumberUtil &util, const PhoneNumber &number, governor_phone &result) {
    std::string region;
    util.GetRegionCodeForNumber(number, &region);
    if (region == "ZZ" || region.empty() || region.size() > 3) return;
    std::memcpy(result.region, region.data(), region.size());
    if (!util.IsValidNumberForRegion(number, region)) return;
    result.status = GOVERNOR_PHONE_VALID;
    result.type = typeOf(util.GetNumberType(number));
}

}  // namespace

extern "C" governor_phone governor_phone_parse(
    const void *text, size_t count, const char *region, bool wantsDescription) {
    try {
        const PhoneNumberUtil &util = library();
        PhoneNumber number;
        const std::string spelling(static_cast<const char *>(text), count);
        const auto error = util.Parse(spelling, region == nullptr ? "ZZ" : region, &number);
        if (error != PhoneNumberUtil::NO_PARSING_ERROR) return refused(statusOf(error));

        // The national number has at most 17 digits and the calling code 3; what does not fit 64 bits is no number.
        std::string national;
        util.GetNationalSignificantNumber(number, &national);
        governor_phone result = refused(statusOf(util.IsPossibleNumberWithReason(number)));
        uint64_t digits = static_cast<uint64_t>(number.country_code());
        for (const char c : national) {
            if (c < '0' || c > '9') return refused(GOVERNOR_PHONE_NOT_A_NUMBER);
            if (digits > (UINT64_MAX - 9) / 10) return refused(GOVERNOR_PHONE_TOO_LONG);
            digits = digits * 10 + static_cast<uint64_t>(c - '0');
        }
        result.digits = digits;
        result.calling_code = static_cast<uint16_t>(number.country_code());
        if (wantsDescription && result.status == GOVERNOR_PHONE_POSSIBLE) describe(util, number, result);
        return result;
    } catch (...) {
        return refused(GOVERNOR_PHONE_FAILED);
    }
}

extern "C" governor_phone governor_phone_describe(uint16_t callingCode, const char *national, size_t count) {
    try {
        if (count == 0 || count > 17) return refused(GOVERNOR_PHONE_FAILED);
        const PhoneNumberUtil &util = library();
        PhoneNumber number;
        number.set_country_code(callingCode);
        uint64_t value = 0, digits = callingCode;
        size_t zeros = 0;
        for (size_t i = 0; i < count; i++) {
            const uint64_t digit = static_cast<uint64_t>(national[i] - '0');
            value = value * 10 + digit;
            digits = digits * 10 + digit;
            // The library counts the last digit as the number itself, also when all are zeros.
            if (value == 0 && i + 1 < count) zeros = i + 1;
        }
        number.set_national_number(value);
        if (zeros > 0) {
            number.set_italian_leading_zero(true);
            if (zeros > 1) number.set_number_of_leading_zeros(static_cast<int>(zeros));
        }
        governor_phone result = refused(statusOf(util.IsPossibleNumberWithReason(number)));
        result.digits = digits;
        result.calling_code = callingCode;
        if (result.status == GOVERNOR_PHONE_POSSIBLE) describe(util, number, result);
        return result;
    } catch (...) {
        return refused(GOVERNOR_PHONE_FAILED);
    }
}
