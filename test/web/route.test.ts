import { expect } from "chai";
import { orderHref, routeOf } from "../../src/web/route/routeOf.ts";

describe("routeOf", () => {
  const orderId = `0x${"ab".repeat(32)}` as const;

  it("finds a receipt by the address that it is given", () => {
    expect(routeOf(orderHref(orderId))).to.deep.equal({ view: "order", orderId });
    expect(routeOf(`#/orders/0x${"AB".repeat(32)}`)).to.deep.equal({ view: "order", orderId });
  });

  it("knows the other views, and takes everything else for the sale's", () => {
    expect(routeOf("#/launches")).to.deep.equal({ view: "launches" });
    expect(routeOf("#/operator")).to.deep.equal({ view: "operator" });
    for (const hash of ["", "#", "#/", "#buy", "#/orders/0x12", "#/orders/<b>", "#/other"]) {
      expect(routeOf(hash), hash).to.deep.equal({ view: "sale" });
    }
  });
});
