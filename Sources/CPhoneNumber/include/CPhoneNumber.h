#ifndef GOVERNOR_CPHONENUMBER_H
#define GOVERNOR_CPHONENUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CPlaces.h"

#ifdef __cplusplus
extern "C" {
#endif

// What became of a text that should be a phone number. Only the first two give a number.
typedef enum {
    GOVERNOR_PHONE_VALID = 0,
    // The length fits the calling code, the digits fit no range that the library's data know. The data age: accept it.
    GOVERNOR_PHONE_POSSIBLE = 1,
    GOVERNOR_PHONE_NOT_A_NUMBER = 2,
    GOVERNOR_PHONE_INVALID_CALLING_CODE = 3,
    GOVERNOR_PHONE_TOO_SHORT = 4,
    GOVERNOR_PHONE_TOO_LONG = 5,
    // Between the shortest and the longest of the calling code, and no number there has this length.
    GOVERNOR_PHONE_INVALID_LENGTH = 6,
    // Complete only inside its own area: a subscriber number without its area code.
    GOVERNOR_PHONE_LOCAL_ONLY = 7,
    GOVERNOR_PHONE_FAILED = 8,
} governor_phone_status;

typedef enum {
    GOVERNOR_PHONE_FIXED = 0,
    GOVERNOR_PHONE_MOBILE = 1,
    GOVERNOR_PHONE_FIXED_OR_MOBILE = 2,
    GOVERNOR_PHONE_TOLL_FREE = 3,
    GOVERNOR_PHONE_PREMIUM = 4,
    GOVERNOR_PHONE_SHARED_COST = 5,
    GOVERNOR_PHONE_VOIP = 6,
    GOVERNOR_PHONE_PERSONAL = 7,
    GOVERNOR_PHONE_PAGER = 8,
    GOVERNOR_PHONE_UAN = 9,
    GOVERNOR_PHONE_VOICEMAIL = 10,
    GOVERNOR_PHONE_UNKNOWN = 11,
} governor_phone_type;

typedef struct {
    // The calling code and the national number in one, as a decimal number: 14155550123 for +1 415 555 0123.
    uint64_t digits;
    uint16_t calling_code;
    // A governor_phone_status; digits and calling_code mean something also for a number refused for its length alone.
    uint8_t status;
    // A governor_phone_type; GOVERNOR_PHONE_UNKNOWN unless it was asked for.
    uint8_t type;
    // The country in two letters, "001" for a number of no country, empty when unknown or not asked for.
    char region[4];
} governor_phone;

// Reads a number in any common spelling. `region` is the country (two upper-case letters) that a number without its
// calling code is dialled from, or NULL. With `describe`, also tells validity, type and region, for twice the time;
// without, a number that is possible is reported as GOVERNOR_PHONE_POSSIBLE. Safe from any thread; prints nothing.
governor_phone governor_phone_parse(const void *text, size_t count, const char *region, bool describe);

// Tells validity, type and region of a number that is known to be canonical.
governor_phone governor_phone_describe(uint16_t calling_code, const char *national, size_t count);

#ifdef __cplusplus
}
#endif

#endif
