import Glibc

/// Holds up the calling thread, which is no event loop's.
func pause(milliseconds: UInt32) { usleep(milliseconds * 1_000) }
