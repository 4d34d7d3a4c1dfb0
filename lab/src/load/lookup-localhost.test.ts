import { expect, test } from 'vitest';
import { lookupLocalhost } from './lookup-localhost.ts';

function addressesOf(hostname: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    lookupLocalhost(hostname, { all: true }, (error, addresses) => {
      if (error === null) resolve([addresses].flat().map((one) => (typeof one === 'string' ? one : one.address)));
      else reject(error);
    });
  });
}

test('when a host is below localhost, then it is this machine, whatever the resolver knows', async () => {
  expect(await addressesOf('mono.localhost')).toEqual(['127.0.0.1']);
});

test('when it is any other host, then the resolver decides', async () => {
  expect(await addressesOf('127.0.0.2')).toEqual(['127.0.0.2']);
});
