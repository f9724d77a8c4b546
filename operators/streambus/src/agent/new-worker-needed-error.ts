/** A running worker of HAProxy cannot take this up; a new one would, from the files as they are mounted. */
export class NewWorkerNeededError extends Error {
  constructor(command: string, reason: string) {
    super(`HAProxy took no notice of "${command}": ${reason}`);
    this.name = 'NewWorkerNeededError';
  }
}
