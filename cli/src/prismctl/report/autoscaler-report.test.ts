import { expect, test } from 'vitest';
import { autoscaler } from '../cluster-objects.fixture.ts';
import { autoscalerReport } from './autoscaler-report.ts';

const found = autoscaler();
const condition = (type: string, status: string) => ({ type, status, message: `${type} is ${status}` });
const withConditions = (...conditions: readonly ReturnType<typeof condition>[]) => ({
  ...found,
  status: { currentReplicas: 2, desiredReplicas: 4, conditions },
});

test.each([
  [
    'measures and scales',
    withConditions(condition('ScalingActive', 'True'), condition('ScalingLimited', 'False')),
    { active: true, current: 2, desired: 4, message: null },
  ],
  [
    'cannot measure',
    withConditions(condition('AbleToScale', 'True'), condition('ScalingActive', 'False')),
    { active: false, current: 2, desired: null, message: 'ScalingActive is False' },
  ],
  [
    'has not been looked at',
    { ...found, status: { currentReplicas: 0, desiredReplicas: 0 } },
    { active: false, current: null, desired: null, message: 'nothing has been measured yet' },
  ],
])('an autoscaler that %s', (_, scaler, expected) => {
  expect(autoscalerReport(scaler)).toMatchObject({ name: 'orders-prism-proxy', min: 2, max: 10, ...expected });
});
