/** How something is: as it should be, on its way there, or in need of help. */
export type Mood = 'good' | 'busy' | 'bad';

/** A line for people, which may be coloured by its mood. */
export interface Line {
  readonly text: string;
  readonly mood?: Mood;
}

/** What something is now, in a line without ages: it changes only when the thing does. */
export interface News {
  /** Names the thing, the same each time. */
  readonly about: string;
  readonly text: string;
}
