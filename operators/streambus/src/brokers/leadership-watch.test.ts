import type { ObjectRef } from '@capstan/kube';
import { FakeClock } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import type { BrokerAddress, BrokerAdmin } from './broker-admin.ts';
import { LeadershipWatch, type Watched } from './leadership-watch.ts';

const signal = new AbortController().signal;

function watched(name: string, size = 3): Watched {
  const brokers = Array.from({ length: size }, (_, ordinal): BrokerAddress => {
    const pod = `${name}-${ordinal}`;
    return { pod, uid: pod, ip: '192.0.2.1', host: `${pod}.${name}-headless.shop.svc`, httpPort: 8081 };
  });
  return { cluster: { namespace: 'shop', name }, size, brokers };
}

/** Brokers that say what the test sets, a clock that stands still, and what was told. */
class Scene {
  readonly clock = new FakeClock();
  readonly told: ObjectRef[] = [];
  readonly asked: string[] = [];
  /** The pod that leads, by cluster; a cluster that is not here is silent. */
  readonly leaders = new Map<string, string | undefined>();
  /** Clusters whose brokers take questions and do not answer. */
  readonly hanging = new Set<string>();
  readonly watch: LeadershipWatch;
  readonly #ending = new AbortController();

  constructor() {
    const admin: BrokerAdmin = { ask: ({ pod }) => this.#answer(pod) };
    this.watch = new LeadershipWatch(admin, this.clock);
  }

  /** Runs the watch until the test ends it. */
  run(): { readonly end: () => Promise<void> } {
    const running = this.watch.run((ref) => this.told.push(ref), this.#ending.signal);
    return {
      end: async () => {
        this.#ending.abort();
        await this.clock.advance(0);
        await running;
      },
    };
  }

  async #answer(pod: string): Promise<{ readonly status: number; readonly body: unknown }> {
    this.asked.push(pod);
    const cluster = pod.slice(0, pod.lastIndexOf('-'));
    if (this.hanging.has(cluster)) {
      await this.clock.sleep(2_000);
      throw new Error('no answer within 2000 ms');
    }
    if (!this.leaders.has(cluster)) throw new Error('connect ECONNREFUSED');
    return { status: 200, body: { controller_id: this.leaders.get(cluster) === pod ? 1 : 0 } };
  }
}

describe('who leads', () => {
  it('is asked the first time, and remembered while nothing is to be done about it', async () => {
    const scene = new Scene();
    scene.leaders.set('orders', 'orders-1');
    const first = await scene.watch.leadership(watched('orders'), false, signal);
    scene.leaders.set('orders', 'orders-2');
    const later = await scene.watch.leadership(watched('orders'), false, signal);
    expect([first, later, scene.asked.length]).toEqual([
      { kind: 'One', leader: 'orders-1' },
      { kind: 'One', leader: 'orders-1' },
      3,
    ]);
  });

  it('is asked anew where it is urgent, and where there are other brokers than before', async () => {
    const scene = new Scene();
    scene.leaders.set('orders', 'orders-1');
    await scene.watch.leadership(watched('orders'), false, signal);
    scene.leaders.set('orders', 'orders-2');
    expect(await scene.watch.leadership(watched('orders'), true, signal)).toEqual({ kind: 'One', leader: 'orders-2' });
    scene.leaders.set('orders', 'orders-4');
    const five = await scene.watch.leadership(watched('orders', 5), false, signal);
    expect([five, scene.asked.length]).toEqual([{ kind: 'One', leader: 'orders-4' }, 11]);
  });
});

describe('watching who leads', () => {
  const seen = async (...names: readonly string[]) => {
    const scene = new Scene();
    for (const name of names) {
      scene.leaders.set(name, `${name}-0`);
      await scene.watch.leadership(watched(name), false, signal);
    }
    return { scene, ...scene.run() };
  };

  it('tells nothing while nothing changes', async () => {
    const { scene, end } = await seen('orders');
    await scene.clock.advance(300_000);
    await end();
    expect(scene.told).toEqual([]);
    expect(scene.asked.length).toBeGreaterThan(3);
  });

  it('tells once that another broker leads', async () => {
    const { scene, end } = await seen('orders');
    scene.leaders.set('orders', 'orders-1');
    await scene.clock.advance(300_000);
    await end();
    expect(scene.told).toEqual([{ namespace: 'shop', name: 'orders' }]);
  });

  it('tells once that nobody leads any more, and once that somebody does', async () => {
    const { scene, end } = await seen('orders');
    scene.leaders.set('orders', undefined);
    await scene.clock.advance(120_000);
    expect(scene.told).toHaveLength(1);
    scene.leaders.set('orders', 'orders-2');
    await scene.clock.advance(120_000);
    await end();
    expect(scene.told).toHaveLength(2);
  });

  it('waits for an election, and tells nothing when the same one leads after it', async () => {
    const { scene, end } = await seen('orders');
    scene.leaders.set('orders', undefined);
    await scene.clock.advance(30_000);
    scene.leaders.set('orders', 'orders-0');
    await scene.clock.advance(120_000);
    await end();
    expect(scene.told).toEqual([]);
  });

  it('is not held up for one cluster by the brokers of another that hang', async () => {
    const { scene, end } = await seen('orders', 'sick');
    scene.hanging.add('sick');
    scene.leaders.set('orders', 'orders-1');
    await scene.clock.advance(31_000);
    expect(scene.told).toEqual([{ namespace: 'shop', name: 'orders' }]);
    await scene.clock.advance(60_000);
    await end();
    expect(scene.told.map(({ name }) => name)).toEqual(['orders', 'sick']);
  });

  it('asks nobody whom a pass has asked a moment ago', async () => {
    const { scene, end } = await seen('orders');
    await scene.clock.advance(20_000);
    await scene.watch.leadership(watched('orders'), true, signal);
    await scene.clock.advance(15_000);
    await end();
    expect(scene.asked).toHaveLength(6);
  });

  it('forgets a cluster whose brokers have all been silent for long', async () => {
    const { scene, end } = await seen('orders');
    scene.leaders.delete('orders');
    await scene.clock.advance(720_000);
    const before = scene.asked.length;
    await scene.clock.advance(300_000);
    await end();
    expect(scene.asked).toHaveLength(before);
    expect(scene.told).toHaveLength(1);
  });

  it('does not forget one that has answered once in between', async () => {
    const { scene, end } = await seen('orders');
    scene.leaders.delete('orders');
    await scene.clock.advance(500_000);
    scene.leaders.set('orders', 'orders-0');
    await scene.clock.advance(60_000);
    scene.leaders.delete('orders');
    await scene.clock.advance(300_000);
    const before = scene.asked.length;
    await scene.clock.advance(60_000);
    await end();
    expect(scene.asked.length).toBeGreaterThan(before);
  });

  it('leaves no timer behind when it ends', async () => {
    const { scene, end } = await seen('orders');
    await scene.clock.advance(45_000);
    await end();
    expect(scene.clock.pendingTimers).toBe(0);
  });
});
