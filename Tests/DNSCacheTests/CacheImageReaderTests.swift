import TestSupport
import Testing

@testable import DNSCache

/// Images that are not what a writer has made.
@Suite struct CacheImageReaderTests {
    private func image(attachment: [UInt8] = [9, 9]) throws -> [UInt8] {
        let rig = ImageRig()
        for number in 0..<4 { try rig.keep("n\(number).example", address: UInt32(number)) }
        return rig.image(attachment: attachment)
    }

    private func defect(_ image: [UInt8], after seconds: Int64 = 0) -> CacheImageDefect? {
        ImageRig().read(image, after: seconds).defect
    }

    @Test func aCutImageIsDropped() throws {
        let image = try image()
        for length in 0..<image.count {
            let rig = ImageRig()
            #expect(rig.read(Array(image[..<length])).defect != nil, "\(length)")
            #expect(rig.cache.statistics.entries == 0)
        }
        #expect(defect(image) == nil)
        #expect(defect(image + [UInt8](repeating: 0, count: 8)) == .badChecksum)
        #expect(defect([]) == .badLength)
    }

    @Test func everyFlippedBitIsNoticed() throws {
        let image = try image()
        for bit in 0..<(image.count * 8) {
            var bad = image
            bad[bit / 8] ^= 1 << (bit % 8)
            let rig = ImageRig()
            #expect(rig.read(bad).defect != nil, "\(bit)")
            #expect(rig.cache.statistics.entries == 0)
        }
    }

    @Test func otherFilesAndVersionsAreNamed() throws {
        var image = try image()
        #expect(defect([UInt8](repeating: 0x20, count: 64)) == .notAnImage)
        image[11] = 2
        #expect(defect(ImageRig.resealed(image)) == .unknownVersion)
        #expect("\(CacheImageDefect.unknownVersion)" == "another version wrote it")
    }

    @Test func aClockThatWasSetBackIsNoticed() throws {
        let image = try image()
        #expect(defect(image, after: -1) == .fromTheFuture)
        #expect(defect(image, after: 86_400 * 2) == nil)
        #expect(defect(image, after: 86_400 * 2 + 1) == .tooOld)
        #expect(defect(image, after: .max - ImageRig.epoch) == .tooOld)
        #expect(defect(image, after: -ImageRig.epoch - 5) == .fromTheFuture)
        var late = image
        for place in 16..<24 { late[place] = 0xff }
        #expect(defect(ImageRig.resealed(late)) == .fromTheFuture)
    }

    /// A change at an offset of the first entry, which is the first thing after the attachment.
    @Test(arguments: [
        (0, 0xff), (1, 0), (1, 1), (2, 4), (7, 200), (7, 3), (12, 1), (15, 255), (15, 10),
        // QR clear, an opcode, TC, SERVFAIL, two questions, a record too many.
        (18, 0x01), (18, 0x88), (18, 0x82), (19, 0x82), (21, 2), (23, 2),
        // A capital letter, a pointer and an endless label in the question.
        (29, 0x4e), (28, 0xc0), (28, 63),
    ])
    func aWrongEntryIsNoticed(_ change: (offset: Int, value: Int)) throws {
        var image = try image()
        let entry = 24 + 8
        #expect(image[entry + change.offset] != UInt8(change.value))
        image[entry + change.offset] = UInt8(change.value)
        let rig = ImageRig()
        #expect(rig.read(ImageRig.resealed(image)).defect == .badEntry)
    }

    @Test func aWrongCountIsNoticed() throws {
        var image = try image()
        image[image.count - 9] = 5
        #expect(defect(ImageRig.resealed(image)) == .badEntry)
    }

    @Test func anAttachmentBeyondTheEndIsNoticed() throws {
        var image = try image()
        for (place, value) in [(12, 0x7f), (13, 0x01), (14, 0x10)] {
            let kept = image[place]
            image[place] = UInt8(value)
            #expect(defect(ImageRig.resealed(image)) == .badLength)
            image[place] = kept
        }
        // Into the trailer, once it has been rounded up.
        let length = image.count - 40 - 1
        image[14] = UInt8(length >> 8)
        image[15] = UInt8(length & 255)
        #expect(defect(ImageRig.resealed(image)) == .badEntry)
    }

    /// Whatever is in an image: it is read or dropped, and what was asked for is what was answered.
    @Test(arguments: UInt64(0)..<4) func mutatedImagesDoNoHarm(seed: UInt64) throws {
        let image = try image()
        var generator = SplitMix64(seed: 8767 + seed)
        var outcomes = (read: 0, dropped: 0)
        for _ in 0..<5000 {
            var bad = image
            for _ in 0...generator.below(4) {
                bad[generator.below(bad.count)] = UInt8(truncatingIfNeeded: generator.next())
            }
            if generator.below(8) == 0 { bad.removeLast(8 * generator.below(bad.count / 8)) }
            let rig = ImageRig(CacheSettings(byteCount: 64 << 10))
            if rig.read(ImageRig.resealed(bad)).defect == nil {
                outcomes.read += 1
            } else {
                outcomes.dropped += 1
            }
            for number in 0..<4 {
                let asked = ImageRig.Asked(name: "n\(number).example")
                guard let answer = rig.ask(asked, now: 0) else { continue }
                #expect(Array(answer[12..<(12 + asked.question.count)]) == asked.question)
            }
        }
        #expect(outcomes.read > 500 && outcomes.dropped > 500, "\(outcomes)")
    }

    @Test func seedsAreWhatTheirNamesSay() throws {
        for file in try repositoryFiles(in: "Fuzz/Corpus/FuzzImage") {
            let body = try repositoryFile("Fuzz/Corpus/FuzzImage/\(file)")
            let rig = ImageRig()
            let image = ImageRig.resealed(body + [UInt8](repeating: 0, count: 8))
            let outcome = rig.read(image, after: 10)
            switch file {
            case "count-lies": #expect(outcome.defect == .badEntry)
            case "from-the-future": #expect(outcome.defect == .fromTheFuture)
            default:
                #expect(outcome.defect == nil, "\(file)")
                #expect(outcome.restored == outcome.count, "\(file)")
            }
        }
    }

    @Test func noiseIsNoImage() {
        var generator = SplitMix64(seed: 7)
        for _ in 0..<2000 {
            let noise = (0..<(8 * generator.below(64))).map { _ in
                UInt8(truncatingIfNeeded: generator.next())
            }
            #expect(defect(noise) != nil)
        }
    }
}
