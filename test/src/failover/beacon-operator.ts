import { runOperator } from '@capstan/runtime';
import { beacons, operatorName } from './beacon.ts';

// The version ends up in the User-Agent: that is how the audit log tells replicas apart.
await runOperator({
  name: operatorName,
  description: 'Copies the numbers of beacons.',
  version: process.env['REPLICA'] ?? 'replica-0',
  controllers: () => [beacons],
});
