/**
 * Begins something that goes on until it is released, such as a transaction; resolves when it is under way, to what releases it and resolves when it has ended.
 * `begin` calls what it is given when it has what it is to hold.
 */
export async function hold(begin: (held: () => Promise<void>) => Promise<unknown>): Promise<() => Promise<void>> {
  const [begun, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = begin(() => {
    begun.resolve();
    return over.promise;
  });
  await Promise.race([begun.promise, holding]);
  return async () => {
    over.resolve();
    await holding;
  };
}
