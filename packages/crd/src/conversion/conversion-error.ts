/**
 * An object cannot be converted. What a conversion function throws of this kind is shown to the user; the words of any
 * other error stay in the operator's log, for they may quote the object.
 */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
}
