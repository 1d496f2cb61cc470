/** Seeds that once ended wrong; they run first, whatever range is asked for. */
export const keptSeeds: readonly number[] = [];
