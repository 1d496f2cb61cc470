import { expect } from "chai";
import { networkOf } from "../../src/service/networkOf.ts";

describe("networkOf", () => {
  for (const [ip, client, network] of [
    ["10.1.2.3", "10.1.2.3", "10.1.2.0/24"],
    ["::ffff:10.1.2.3", "10.1.2.3", "10.1.2.0/24"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"],
    ["2001:db8:1:2::9", "2001:db8:1:2::/64", "2001:db8:1::/48"],
    ["2001:db8::9", "2001:db8:0:0::/64", "2001:db8:0::/48"],
    ["::1", "0:0:0:0::/64", "0:0:0::/48"],
  ] as const) {
    it(`counts ${ip} as ${client}, in ${network}`, () => {
      expect(networkOf(ip, { v4: 32, v6: 64 })).to.equal(client);
      expect(networkOf(ip, { v4: 24, v6: 48 })).to.equal(network);
    });
  }
});
