import { describe, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { readUpSettings } from './up-settings.ts';

describe('readUpSettings', () => {
  test('when nothing is set, then both brews come up on their usual ports', () => {
    expect(readUpSettings({}, undefined)).toEqual({
      backends: 'embedded',
      topologies: ['monolith', 'microservices'],
      namesPort: { http: 8080, variable: 'HTTP_PORT' },
      ports: { monolith: { http: 8081, variable: 'MONO_PORT' }, microservices: { http: 8082, variable: 'MICRO_PORT' } },
      env: {},
    });
  });

  test('when the option and the variable name a topology, then the option wins', () => {
    expect(readUpSettings({ TOPOLOGY: 'monolith' }, 'microservices').topologies).toEqual(['microservices']);
    expect(readUpSettings({ TOPOLOGY: 'monolith', MONO_PORT: '9000' }, undefined).ports).toEqual({ monolith: { http: 9000, variable: 'MONO_PORT' } });
  });

  test('when a grouping is named, then it has the port of several processes', () => {
    expect(readUpSettings({}, 'orders+notifications|auth+gateway').ports).toEqual({ 'gateway+auth | orders+notifications': { http: 8082, variable: 'MICRO_PORT' } });
  });

  test('when staff, brewing time and OpenTelemetry are set, then they are passed on', () => {
    const settings = readUpSettings({ STAFF_EMAIL: 'ada@doubleshot.example', STAFF_PASSWORD: 'correct horse', BREW_TIME_SCALE: '0', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SERVICE_NAME: 'x' }, undefined);
    expect(settings.staff).toEqual({ email: 'ada@doubleshot.example', password: 'correct horse' });
    expect(settings.env).toEqual({ BREW_TIME_SCALE: '0', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' });
  });

  test.each(['0', '0.5', '100', '100.0'])('when brewing time is stretched by %s, then it is passed on as it is', (scale) => {
    expect(readUpSettings({ BREW_TIME_SCALE: scale }, undefined).env).toEqual({ BREW_TIME_SCALE: scale });
  });

  test.each([
    [{ BACKENDS: 'containers', HTTP_PORT: '8081' }, /MONO_PORT and HTTP_PORT must differ/],
    [{ BACKENDS: 'containers', TOPOLOGY: 'gateway+auth | orders+notifications' }, /runs monolith, microservices or both/],
    [{ HTTP_PORT: 'x' }, /HTTP_PORT must be a port number/],
    [{ BACKENDS: 'cloud' }, /BACKENDS must be embedded or containers/],
    [{ TOPOLOGY: 'macro' }, /unknown topology "macro"/],
    [{ MONO_PORT: '0' }, /MONO_PORT must be a port number from 1 to 65535, not "0"/],
    [{ MICRO_PORT: '80a' }, /MICRO_PORT must be a port number/],
    [{ MONO_PORT: '8082' }, /must differ/],
    [{ STAFF_PASSWORD: 'correct horse' }, /STAFF_EMAIL is missing/],
    [{ STAFF_EMAIL: 'ada@doubleshot.example' }, /STAFF_PASSWORD is missing/],
    [{ STAFF_EMAIL: 'ada', STAFF_PASSWORD: 'correct horse' }, /STAFF_EMAIL must be an e-mail address/],
    [{ STAFF_EMAIL: 'ada@doubleshot.example', STAFF_PASSWORD: 'short' }, /STAFF_PASSWORD must have 8 to 200 characters/],
    [{ STAFF_EMAIL: 'ada@doubleshot.example', STAFF_PASSWORD: 'x'.repeat(201) }, /STAFF_PASSWORD must have 8 to 200 characters/],
  ])('when the variables are %o, then one sentence says what is wrong', (environment, message) => {
    expect(() => readUpSettings(environment, undefined)).toThrow(UsageError);
    expect(() => readUpSettings(environment, undefined)).toThrow(message);
  });

  test.each(['fast', '.5', '1.', '1e1', '0x1', '-1', '101', '100.1', ' 1'])('when brewing time is stretched by "%s", then one sentence says what is wrong', (scale) => {
    expect(() => readUpSettings({ BREW_TIME_SCALE: scale }, undefined)).toThrow(new UsageError(`BREW_TIME_SCALE must be a number from 0 to 100, like 0.5, not "${scale}"`));
  });
});
