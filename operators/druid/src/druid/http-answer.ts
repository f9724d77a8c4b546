/** One HTTP answer, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  /** The media type alone, in lower case, without parameters; `undefined` where there is none. */
  readonly contentType: string | undefined;
  /** Where a redirect leads, as it was said. */
  readonly location: string | undefined;
  readonly text: string;
}
