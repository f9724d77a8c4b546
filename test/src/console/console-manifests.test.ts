import { podSecurityViolations } from '@capstan/resources';
import { expect, test } from 'vitest';
import { consoleDeployment, consoleManifests } from '../../../scripts/console-manifests.ts';

test('the console in a cluster has no permissions of its own, and no token', () => {
  const manifests = consoleManifests();
  const kinds = manifests.map(({ kind }) => kind);
  expect(kinds).toEqual(['Namespace', 'ServiceAccount', 'Service', 'NetworkPolicy', 'Deployment']);
  expect(manifests[1]).toMatchObject({ automountServiceAccountToken: false });
  expect(consoleDeployment().spec?.template.spec).toMatchObject({ automountServiceAccountToken: false });
});

test('its pod is restricted, and asks visitors for tokens', () => {
  const template = consoleDeployment().spec?.template ?? {};
  expect(podSecurityViolations(template)).toEqual([]);
  expect(template.spec?.containers[0]?.args).toEqual(expect.arrayContaining(['console', '--token-mode']));
});
