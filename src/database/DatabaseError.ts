export type DatabaseErrorCode =
  | "DATABASE_PLATFORM"
  | "DATABASE_USER"
  | "DATABASE_DIRECTORY"
  | "DATABASE_DIRECTORY_BUSY"
  | "DATABASE_VERSION"
  | "DATABASE_START"
  | "DATABASE_NAME"
  | "DATABASE_URL"
  | "DATABASE_UNREACHABLE"
  | "MIGRATION_CHANGED"
  | "MIGRATION_UNKNOWN"
  | "MIGRATION_FAILED";

export type DatabaseProblem = {
  code: DatabaseErrorCode;
  /** What was wrong, named as the operator knows it: an environment variable, a path, a migration. */
  field: string;
  got: string;
  wanted: string;
  wayOut: string;
};

/** A failure of the database layer. `code` is stable; the message is for people and may change. */
export class DatabaseError extends Error implements DatabaseProblem {
  override readonly name = "DatabaseError";
  readonly code: DatabaseErrorCode;
  readonly field: string;
  readonly got: string;
  readonly wanted: string;
  readonly wayOut: string;

  constructor(problem: DatabaseProblem, options?: { cause?: unknown }) {
    super(
      `${problem.field}: got ${problem.got}, wanted ${problem.wanted}. ${problem.wayOut} [${problem.code}]`,
      options,
    );
    this.code = problem.code;
    this.field = problem.field;
    this.got = problem.got;
    this.wanted = problem.wanted;
    this.wayOut = problem.wayOut;
  }
}
