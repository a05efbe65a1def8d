/// What a journal entry is about (journald's `MESSAGE_ID=`), for those who watch for it.
///
/// The values are in dotproxy(8) and never change.
enum MessageID: String, CaseIterable, Sendable {
    case started = "5f3c2b7a9d1e4c68a0b4e6d8f1027391"
    case stopping = "8a61d0f4c7b94e2f9c35ab1e7d604c52"
    case upstreamConnected = "c1e94f60b2a748d38d7f5a9036eb1c4d"
    case upstreamFailed = "27d8b35e6f0c4a91b6c20e9f84d7a3c5"
    case configurationLoaded = "e4a7109c3d5b4f82a16e8b0c97f2d364"
    case configurationRefused = "90b6f2d1e8c34a7f85d3c06b1a9e7f28"
    case summary = "b7d20e5c91f84a36a5c8e17f3d6b9042"
    case cacheFlushed = "6c15f8a3e07d4b92b4d1907ce83a52f6"
    case memoryKept = "1c8e5a07d2f94b63a7e9046b3f5d82c1"
    case memoryRestored = "f07b3d916ae24c58b1d8e27a94c6053f"
    case memoryDropped = "48d1c9e6a35b4f07928c6fd01b7e35a2"
    case query = "a3f61c9e27d84b05b9e0d41f86c7352a"
    case dnstapReader = "e61b4c0f93d84a7db25c7f08a1d6923e"
    case workerStuck = "3d9f7e1b5a2046c8b0e4f8a6c3d17295"
    case clockGrace = "5ab0c7d94e1f4823b6d28f71e03c96a4"
}
