import { expect, it } from 'vitest';
import { postgresUser } from './postgres-user.ts';
import { imageOf } from './versions.ts';

it.each([
  [imageOf('postgres'), 70, true],
  ['postgres:16-alpine3.22', 70, true],
  ['postgres:alpine', 70, true],
  ['postgres:16.10', 999, true],
  ['postgres:16-bookworm', 999, true],
  ['postgres', 999, true],
  ['mirror.example:5000/library/postgres:16-alpine', 70, true],
  ['postgres:16-alpine@sha256:1f2e', 70, true],
  ['mirror.example:5000/postgres', 999, true],
  ['postgres@sha256:1f2e', 999, false],
  ['mirror.example/alpine-builds/pg:16', 999, false],
  ['timescale/timescaledb:2.17.2-pg16', 999, false],
  ['mirror.example/my-postgres:16-alpine', 70, false],
])('the user of %s is %i, and that is known: %s', (image, id, isKnown) => {
  expect(postgresUser(image)).toEqual({ identity: { uid: id, gid: id }, isKnown });
});
