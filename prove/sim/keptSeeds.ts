/** Seeds that once ended wrong or halted without need; they run first, whatever range is asked for. */
export const keptSeeds: readonly number[] = [37, 296, 434, 457, 1308, 1439, 658, 732];
