import { type Plan, rolledOut } from '@capstan/runtime';
import type { SampleApp } from '../api/v1alpha1/sample-app.ts';
import { addressOf } from './address.ts';
import { settingsOf } from './settings.ts';
import { workloadOf } from './workload.ts';

/** Everything that should exist for one sample app, in order. What it owns and this does not name is deleted. */
export function planOf(sampleApp: SampleApp): Plan {
  const workload = workloadOf(sampleApp);
  return {
    steps: [
      { name: 'settings and address', objects: [settingsOf(sampleApp), addressOf(sampleApp)] },
      { name: 'pods', objects: [workload], waitingFor: rolledOut([workload]) },
    ],
  };
}
