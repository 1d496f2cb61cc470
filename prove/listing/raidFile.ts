export const raidFile = "test/contracts/listing/Adversary.t.sol";
