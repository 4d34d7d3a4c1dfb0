import { describe, expect, it } from 'vitest';
import { resource } from './document-resource.ts';

describe('a resource', () => {
  it('is read once when it is asked for often', async () => {
    let readings = 0;
    const page = resource('text/plain', 'no-cache', () => Promise.resolve(`reading ${(readings += 1)}`));
    const [first, second] = await Promise.all([page.load(), page.load()]);
    expect(first.body.toString()).toBe('reading 1');
    expect(await page.load()).toBe(first);
    expect(second).toBe(first);
  });

  it('is read again when the last reading failed', async () => {
    let readings = 0;
    const page = resource('text/plain', 'no-cache', () => ((readings += 1) === 1 ? Promise.reject(new Error('EMFILE')) : Promise.resolve('text')));
    await expect(page.load()).rejects.toThrow('EMFILE');
    expect((await page.load()).body.toString()).toBe('text');
  });
});
