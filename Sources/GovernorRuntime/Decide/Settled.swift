/// The result of something that answers through a completion.
package func settled<Value: Sendable>(
    _ start: (@escaping @Sendable (Value) -> Void) -> Void
) async -> Value {
    await withCheckedContinuation { continuation in start { continuation.resume(returning: $0) } }
}
