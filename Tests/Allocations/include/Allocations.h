// Heap allocations of one thread, for tests that hold a bound on them.
#ifndef ALLOCATIONS_H
#define ALLOCATIONS_H

#include <stdint.h>

/// Calls to the allocator on the calling thread since it began; -1 where they cannot be counted, under a sanitizer, which
/// has an allocator of its own.
int64_t allocations_of_this_thread(void);

#endif
