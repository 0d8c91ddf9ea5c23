/** What is known of a statement from its text. A text may hold several, as the simple protocol allows: then it is of all of them together. */
export interface StatementTraits {
  /**
   * `read`: it changes nothing, asks nothing of the session, and says the same on every server that has the same data. Everything else, and
   * everything of which that is not sure, is a `write`: it belongs to the primary.
   */
  readonly access: "read" | "write";
  readonly transaction?: "begin" | "begin-read-only" | "end";
  /** It leaves something behind on its connection (SET, LISTEN, PREPARE, a temporary table), or needs what was left there. */
  readonly needsSession: boolean;
  /** It changes something for certain, or locks it. */
  readonly changes: boolean;
}

export const read: StatementTraits = { access: "read", needsSession: false, changes: false };
export const write: StatementTraits = { access: "write", needsSession: false, changes: false };

/** Of a text that is not understood, or not worth the time. It may do anything. */
export const unsure: StatementTraits = { access: "write", needsSession: true, changes: false };
