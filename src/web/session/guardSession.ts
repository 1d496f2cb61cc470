import { SignerProblem, type SignerSession } from "../../sdk/signerClient.ts";

const UNAUTHORISED = 401;

/** The same session, telling `onLost` when the signer no longer knows it: expired, or the signer was set up anew. */
export function guardSession(session: SignerSession, onLost: () => void): SignerSession {
  async function watch<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof SignerProblem && error.details.status === UNAUTHORISED) onLost();
      throw error;
    }
  }
  return {
    session: session.session,
    eligibility: () => watch(session.eligibility()),
    createOrder: (...args) => watch(session.createOrder(...args)),
    renew: (...args) => watch(session.renew(...args)),
    order: (...args) => watch(session.order(...args)),
  };
}
