import { describe, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { parseTopology, topologySlug } from './parse-topology.ts';

const groupsOf = (text: string): string[] => parseTopology(text).processes.map((group) => group.name);

describe('parseTopology', () => {
  test('when given monolith, then every module is in one process', () => {
    expect(parseTopology('monolith')).toEqual({ name: 'monolith', processes: [{ name: 'monolith', modules: ['gateway', 'auth', 'orders', 'notifications'] }] });
  });

  test('when given microservices, then every module has a process, the gateway first', () => {
    expect(groupsOf(' microservices ')).toEqual(['gateway', 'auth', 'orders', 'notifications']);
  });

  test('when given groups in any order and spacing, then they get one name', () => {
    const hybrid = parseTopology('notifications+ orders|auth+gateway');
    expect(hybrid.name).toBe('gateway+auth | orders+notifications');
    expect(topologySlug(hybrid)).toBe('gateway_auth-orders_notifications');
  });

  test('when the groups spell out a named topology, then it has that name', () => {
    expect(parseTopology('orders+auth+gateway+notifications').name).toBe('monolith');
    expect(parseTopology('orders|auth|gateway|notifications').name).toBe('microservices');
  });

  test.each([
    ['macroservices', /unknown topology "macroservices"/],
    ['', /unknown topology ""/],
    ['gateway', /leaves out auth, orders, notifications/],
    ['gateway+auth | orders', /leaves out notifications/],
    ['gateway+auth | orders+kitchen', /unknown module "kitchen": the modules are gateway, auth, orders, notifications/],
    ['gateway+auth | auth+orders+notifications', /module "auth" twice/],
    ['gateway+auth || orders+notifications', /empty group/],
    ['constructor', /unknown topology "constructor"/],
  ])('when given "%s", then one sentence says what is wrong', (text, message) => {
    expect(() => parseTopology(text)).toThrow(UsageError);
    expect(() => parseTopology(text)).toThrow(message);
  });
});
