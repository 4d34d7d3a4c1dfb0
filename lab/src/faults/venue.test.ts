import { expect, test } from 'vitest';
import { FAULTS, FAULTS_ON_STAGE, ROLLING_RESTARTS } from './trials/index.ts';
import { venueOf } from './venue.ts';

test('every row of the fault matrix has a place in containers, and all but full disks and rolling restarts one on embedded backends', () => {
  expect([...Object.keys(FAULTS_ON_STAGE), ROLLING_RESTARTS].sort()).toEqual([...FAULTS].sort());
  expect(FAULTS.filter((fault) => venueOf(fault, 'containers') === undefined)).toEqual([]);
  expect(FAULTS.filter((fault) => venueOf(fault, 'embedded') === undefined)).toEqual(['F10', 'F13']);
});
