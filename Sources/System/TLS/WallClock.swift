import Glibc

/// The time of day in seconds since 1970, by which certificates and tickets end.
func secondsSinceEpoch() -> Int64 {
    Int64(time(nil))
}
