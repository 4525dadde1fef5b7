import CMalloc

/// Lets the allocator keep what is freed for the next request, instead of giving it back to the system and asking again
/// some thousand times a second: that was a twentieth of a reservation's cost.
func keepFreedMemory() { _ = mallopt(M_TRIM_THRESHOLD, 64 << 20) }
