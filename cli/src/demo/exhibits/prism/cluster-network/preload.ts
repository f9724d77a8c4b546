/*
 * Loaded into an operator's process before it, which stays as it is shipped: where Services of the cluster are meant, it is as if DNS and
 * kube-proxy were there. gRPC resolves by dns.promises.lookup, and connects by net.connect.
 */
import dns from 'node:dns';
import net from 'node:net';
import { Services, servicesVariable } from './services.ts';

const services = new Services(process.env[servicesVariable] ?? '{}');
const { lookup } = dns.promises;
const { connect } = net;

dns.promises.lookup = Object.assign(
  async (hostname: string, options: unknown) => {
    const address = services.addressOf(hostname);
    if (address === undefined) return await Reflect.apply(lookup, dns.promises, [hostname, options]);
    const found = { address, family: 4 };
    return wantsAll(options) ? [found] : found;
  },
  // What promisify asks for, and the overloads: the same function as before for every other name.
  lookup,
);

net.connect = Object.assign(
  (...args: unknown[]) => Reflect.apply(connect, net, [redirected(args[0]), ...args.slice(1)]),
  connect,
);

function wantsAll(options: unknown): boolean {
  return typeof options === 'object' && options !== null && 'all' in options && options.all === true;
}

function redirected(target: unknown): unknown {
  if (typeof target !== 'object' || target === null || !('host' in target)) return target;
  const endpoint = services.endpointAt(String(target.host));
  return endpoint === undefined ? target : { ...target, ...endpoint };
}
