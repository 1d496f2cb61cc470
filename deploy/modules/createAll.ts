import type { Future, IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import type { Creation } from "../creation.ts";
import { KEYLESS_DEPLOYER } from "../keyless.ts";

type Placed = ReturnType<typeof contractAt>;

/** Creates each through the keyless deployer, one after the other, at the address that follows from it. */
export function createAll<Name extends string>(
  m: IgnitionModuleBuilder,
  creations: Record<Name, Creation>,
  after: readonly Future[] = [],
): Record<Name, Placed> {
  let before = [...after];
  const placed = Object.entries<Creation>(creations).map(([name, creation]) => {
    const created = m.send(`create_${name}`, KEYLESS_DEPLOYER, 0n, creation.call, { after: before });
    const contract = contractAt(m, name, creation, created);
    before = [contract];
    return [name, contract] as const;
  });
  return Object.fromEntries(placed) as Record<Name, Placed>;
}

function contractAt(
  m: IgnitionModuleBuilder,
  name: string,
  { artifact, address }: Creation,
  created: Future,
) {
  const source = {
    _format: "",
    sourceName: "",
    deployedBytecode: "0x",
    linkReferences: {},
    deployedLinkReferences: {},
  };
  const { contractName, abi, bytecode } = artifact;
  const known = { ...source, contractName, bytecode, abi: [...abi] };
  return m.contractAt(artifact.contractName, known, address, { id: name, after: [created] });
}
