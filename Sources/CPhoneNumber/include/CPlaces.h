#ifndef GOVERNOR_CPLACES_H
#define GOVERNOR_CPLACES_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// The contents of places.bin, which Scripts/make-places.py writes.
const void *governor_places_bytes(void);
size_t governor_places_count(void);

#ifdef __cplusplus
}
#endif

#endif
