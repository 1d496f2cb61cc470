/** A stream that is read as far as one wants, and further later. */
export type Cursor<T> = {
  /** The items up to the first that does not pass; that one comes next time. */
  takeWhile: (passes: (item: T) => boolean) => AsyncGenerator<T>;
};

export function createCursor<T>(items: AsyncIterable<T>): Cursor<T> {
  const iterator = items[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<T, unknown>> | undefined;
  return {
    async *takeWhile(passes) {
      for (;;) {
        next ??= iterator.next();
        const { done, value } = (await next) as { done?: boolean; value: T };
        if (done === true || !passes(value)) return;
        next = undefined;
        yield value;
      }
    },
  };
}
