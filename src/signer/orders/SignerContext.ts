import type { Pool } from "pg";
import type { LaunchRecord } from "../../sdk/launchRecord.ts";
import type { SaleReader } from "../chain/createSaleReader.ts";
import type { Readiness } from "../chain/createReadiness.ts";
import type { SigningKey } from "../keys/SigningKey.ts";
import type { FirstOrders } from "./createFirstOrders.ts";
import type { RevokedKeys } from "../auth/createRevokedKeys.ts";
import type { Limits } from "../operators/limits.ts";
import type { Sanctions } from "../kyc/createSanctions.ts";

/** What orders are made with; each comes in from outside. */
export type SignerContext = {
  pool: Pool;
  record: LaunchRecord;
  chain: SaleReader;
  key: SigningKey;
  sanctions: Sanctions;
  readiness: Readiness;
  firstOrders: FirstOrders;
  revokedKeys: RevokedKeys;
  limits: Limits;
  /** How long before the opening vouchers for it are given. */
  preIssueSeconds: bigint;
  /** The database's clock, seconds. */
  now: () => Promise<number>;
};
