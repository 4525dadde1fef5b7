#include "CPlaces.h"

// The file is compiled in, so that the program needs no path to find it; as an array literal in Swift it took half a
// minute to compile.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char places[] = {
#embed "places.bin"
};

const void *governor_places_bytes(void) { return places; }
size_t governor_places_count(void) { return sizeof places; }
