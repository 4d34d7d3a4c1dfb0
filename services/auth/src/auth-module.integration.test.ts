import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newSession } from './testing/people.ts';
import { startAuth, type RunningAuth } from './testing/start-auth.ts';

describe('an auth module that was not started yet', () => {
  let auth: RunningAuth;
  beforeEach(async () => {
    auth = await startAuth({ started: false });
  });
  afterEach(() => auth.close());

  test('is not ready, and is once it is prepared: its start may wait for a broker that is away', async () => {
    await expect(auth.module.ready()).rejects.toThrow('the signing keys are not open yet');
    await auth.module.prepare?.();
    await auth.module.ready();
  });

  test('logs people in all the same', async () => {
    const { id, accessToken } = await newSession(auth);
    expect(await auth.verifier.verify(`Bearer ${accessToken}`)).toMatchObject({ userId: id });
  });

  test('can be closed, more than once, and does not start any more', async () => {
    await Promise.all([auth.module.close(), auth.module.close()]);
    await auth.module.prepare?.();
    await auth.module.start();
    await auth.module.close();
  });
});
