import { NotAnswered } from './not-answered.ts';

/**
 * Has a denial say what it was that was denied: things of the whole Druid need another permission than a data source.
 *
 * @param what such as `Lookups`
 * @throws {NotAnswered} as the work does
 */
export async function needingConfig<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NotAnswered) || error.trouble.kind !== 'Denied' || error.trouble.status !== 403) throw error;
    const message = `${what} need the permission CONFIG: ${error.trouble.message}`;
    throw new NotAnswered({ ...error.trouble, message });
  }
}
