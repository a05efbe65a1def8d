// NetAddressTests
