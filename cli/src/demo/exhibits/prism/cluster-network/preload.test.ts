import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { servicesVariable } from './services.ts';

const preload = pathToFileURL(fileURLToPath(new URL('preload.ts', import.meta.url))).href;

/** Resolves and connects as gRPC does, to the port of the Service, and prints what it is told. */
const program = `
const { promises } = require('node:dns');
const net = require('node:net');
promises.lookup('admin.prism.svc', { all: true }).then(([{ address }]) => {
  net.connect({ host: address, port: 8980 }, () => {}).on('data', (text) => process.stdout.write(text));
});
promises.lookup('127.0.0.1').then(({ address }) => process.stdout.write(address + ' '));
`;

it('a process reaches a Service where it is answered, and the rest of the world as ever', async () => {
  const server = createServer((socket) => socket.end('prism-admin'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const env = { ...process.env, [servicesVariable]: `{"admin.prism.svc":"127.0.0.1:${port}"}` };
  const args = ['--disable-warning=ExperimentalWarning', `--import=${preload}`, '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  expect(stdout).toBe('127.0.0.1 prism-admin');
  server.close();
});
