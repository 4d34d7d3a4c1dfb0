import { expect, test } from 'vitest';
import { createUndo, hasSomethingToUndo, undoEverything } from './undo.ts';

test('when it runs, then steps are taken back last first, each once, and a failure is told at the end', async () => {
  const taken: string[] = [];
  const undo = createUndo();
  undo.add(async () => { await Promise.resolve(taken.push('first')); });
  undo.add(() => Promise.reject(new Error('second failed')));
  undo.add(async () => { await Promise.resolve(taken.push('third')); });
  await expect(undo.run()).rejects.toThrow('second failed');
  await undo.run();
  expect(taken).toEqual(['third', 'first']);
});

test('when somebody asks while it runs, then they wait for the same end', async () => {
  const gate = Promise.withResolvers<void>();
  const undo = createUndo();
  undo.add(() => gate.promise);
  const ended: string[] = [];
  const both = Promise.all([undo.run().then(() => ended.push('one')), undo.run().then(() => ended.push('two'))]);
  await Promise.resolve();
  expect(ended).toEqual([]);
  gate.resolve();
  await both;
  expect(ended).toHaveLength(2);
});

test('when everything is undone, then what was forgotten stays', async () => {
  const taken: string[] = [];
  const [kept, forgotten] = [createUndo(), createUndo()];
  kept.add(async () => { await Promise.resolve(taken.push('kept')); });
  forgotten.add(async () => { await Promise.resolve(taken.push('forgotten')); });
  forgotten.forget();
  expect(hasSomethingToUndo()).toBe(true);
  await undoEverything();
  expect(hasSomethingToUndo()).toBe(false);
  expect(taken).toEqual(['kept']);
});
