export const campaignFile = "test/contracts/invariant/Campaign.t.sol";
