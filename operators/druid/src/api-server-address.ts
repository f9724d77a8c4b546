import type { RunnableFactory } from '@capstan/runtime';

/** Learns from the manager which API server it is connected to, so that it is never called as a Druid. */
export class ApiServerAddress {
  #url: string | undefined;

  /** As the connection says; `undefined` before the manager stands. */
  get url(): string | undefined {
    return this.#url;
  }

  /** Stands beside the controllers, and does nothing but take note. */
  readonly runnable: RunnableFactory = ({ connection }) => {
    this.#url = connection.server;
    return { name: 'address of the API server', start: async () => {}, stop: async () => {} };
  };
}
