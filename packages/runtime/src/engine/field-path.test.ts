import { expect, it } from 'vitest';
import { fieldPathText } from './field-path.ts';

it.each([
  [
    ['f:spec', 'f:template', 'f:containers', 'k:{"name":"broker"}', 'f:image'],
    '.spec.template.containers[name=broker].image',
  ],
  [['f:spec', 'f:ports', 'k:{"port":53,"protocol":"UDP"}'], '.spec.ports[port=53,protocol=UDP]'],
  [['f:metadata', 'f:finalizers', 'v:"a/b"'], '.metadata.finalizers[="a/b"]'],
  [['f:metadata', 'f:labels', 'f:app.kubernetes.io/name'], '.metadata.labels["app.kubernetes.io/name"]'],
  [['f:items', 'i:2'], '.items[2]'],
  [[], '.'],
])('%j reads %s', (path, text) => {
  expect(fieldPathText(path)).toBe(text);
});
