import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { encodeFunctionResult, getAbiItem, toFunctionSelector, zeroHash, type Abi, type Hex } from "viem";
import { saleAbi } from "../../src/sdk/abi/Sale.ts";
import type { LaunchRecord } from "../../src/sdk/launchRecord.ts";

type Call = { id: number; method: string; params: [{ data: string }] };

/** A node that knows one open sale in which nobody has bought. */
export async function startSyntheticSale(record: LaunchRecord): Promise<{ url: string; close: () => void }> {
  const { chainId, sale, termsHash, terms } = record;
  const { signerMaxCap, signerMaxWindow } = terms.roles;
  const domain = ["0x0f", "Slipway Sale", "1", BigInt(chainId), sale, zeroHash, []] as const;
  const answers = new Map(
    [
      encode("phase", 2),
      encode("termsHash", termsHash),
      encode("eip712Domain", domain),
      encode("signerOf", [1, signerMaxCap, signerMaxWindow]),
      encode("positionOf", [0n, 0n, 0n, 0n]),
    ].map(({ selector, result }) => [selector, result]),
  );
  const block = () => ({ number: "0x64", timestamp: `0x${Math.floor(Date.now() / 1000).toString(16)}` });

  const answer = ({ id, method, params }: Call): object => {
    const result =
      method === "eth_chainId"
        ? `0x${chainId.toString(16)}`
        : method === "eth_call"
          ? answers.get(params[0].data.slice(0, 10) as Hex)
          : block();
    return { jsonrpc: "2.0", id, result };
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const asked = JSON.parse(Buffer.concat(parts).toString()) as Call | Call[];
      response.end(JSON.stringify(Array.isArray(asked) ? asked.map(answer) : answer(asked)));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}`, close: () => server.close() };

  function encode(name: string, result: unknown): { selector: Hex; result: Hex } {
    const abi: Abi = saleAbi;
    const entry = getAbiItem({ abi, name });
    if (entry?.type !== "function") throw new Error(`no ${name}`);
    return {
      selector: toFunctionSelector(entry),
      result: encodeFunctionResult({ abi, functionName: name, result }),
    };
  }
}
