// CollectionsTests
