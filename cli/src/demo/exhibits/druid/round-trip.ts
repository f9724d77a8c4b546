import { waitUntil } from '@capstan/controlplane';
import { type Clock, systemClock } from '@capstan/kube';
import { durationText } from '../../../terminal/duration.ts';
import { DemoFailure } from '../../demo-failure.ts';
import type { Scene } from '../exhibit.ts';
import type { EditedIngestion } from './edited-ingestion.ts';
import { suspendCommand } from './ingestion-commands.ts';
import { describeReading } from './ingestion-look.ts';
import type { SupervisorGauge } from './supervisor-gauge.ts';
import type { Offsets } from './supervisor-reading.ts';
import type { TopicFeed } from './topic-feed.ts';

/** What a round trip works with. */
export interface RoundTripParts {
  readonly ingestion: Pick<EditedIngestion, 'ref' | 'suspend' | 'isSuspended'>;
  readonly feed: Pick<TopicFeed, 'sent' | 'send'>;
  readonly gauge: Pick<SupervisorGauge, 'reading'>;
  readonly scene: Omit<Scene, 'client'>;
  readonly clock?: Clock;
}

/** Records that come at once while it is suspended, and how often. */
const burst = 200;
const bursts = 2;
const lookMs = 250;

/** Suspends an ingestion while records keep coming, and resumes it, as a user would. */
export class RoundTrip {
  readonly #parts: RoundTripParts;
  readonly #clock: Clock;

  constructor(parts: RoundTripParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
  }

  /**
   * Goes all the way, once Druid has read what is there.
   *
   * @returns such as `600 records read, suspended and resumed in 41.0 s`
   * @throws {DemoFailure} for what is not reached in time
   */
  async go(): Promise<string> {
    const { feed, scene } = this.#parts;
    await this.#untilAllRead();
    scene.say(`all ${feed.sent} records are read: a user suspends the ingestion`);
    const startedAt = this.#clock.monotonic();
    await this.#edit(true);
    await this.#pileUp();
    scene.say(`${burst * bursts} records wait in Kafka: the user resumes the ingestion`);
    await this.#edit(false);
    await this.#untilAllRead();
    const took = durationText(this.#clock.monotonic() - startedAt);
    return `${feed.sent} records read, suspended and resumed in ${took}`;
  }

  /** Sends records that nobody reads. */
  async #pileUp(): Promise<void> {
    for (let wanted = burst; wanted <= burst * bursts; wanted += burst) {
      await this.#parts.feed.send(burst);
      await this.#untilOffsets(`a lag of ${wanted} while suspended`, ({ lag }) => lag === wanted);
    }
  }

  /** Edits the resource, and waits until it says that Druid has followed. */
  async #edit(suspend: boolean): Promise<void> {
    const { ingestion, scene } = this.#parts;
    scene.say(`$ ${suspendCommand(ingestion.ref, suspend)}`);
    await ingestion.suspend(suspend);
    const what = `condition Suspended=${suspend ? 'True' : 'False'}`;
    await this.#until(what, async () => (await ingestion.isSuspended()) === suspend);
  }

  async #untilAllRead(): Promise<void> {
    const { sent } = this.#parts.feed;
    await this.#untilOffsets(`all ${sent} records read`, ({ lag, read }) => lag === 0 && read === sent);
  }

  /** Waits for what Druid says of the stream. */
  async #untilOffsets(what: string, holds: (offsets: Offsets) => boolean): Promise<void> {
    await this.#until(what, async () => {
      const offsets = this.#parts.gauge.reading?.offsets;
      return offsets !== undefined && holds(offsets);
    });
  }

  async #until(what: string, condition: () => Promise<boolean>): Promise<void> {
    const { ingestion, gauge, scene } = this.#parts;
    const { timeoutMs, signal } = scene;
    if (await waitUntil(condition, { timeoutMs, intervalMs: lookMs, signal })) return;
    const { namespace, name } = ingestion.ref;
    throw new DemoFailure(`druid: not reached after ${durationText(timeoutMs)}: ${what}`, {
      details: [`${namespace}/${name}: ${describeReading(gauge.reading)}`],
    });
  }
}
