/** The native part of `secp256k1`; its main file falls back to slower code without a word, so it is not used. */
declare module "secp256k1/bindings.js" {
  type Bytes = Uint8Array;
  const native: {
    ecdsaSign: (
      digest: Bytes,
      privateKey: Bytes,
      options?: { data: Bytes },
    ) => { signature: Bytes; recid: number };
    ecdsaRecover: (signature: Bytes, recid: number, digest: Bytes, compressed: boolean) => Bytes;
  };
  export default native;
}
