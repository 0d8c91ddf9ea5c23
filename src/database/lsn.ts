/**
 * Positions in the write-ahead log. An LSN is a count of bytes since a cluster was made, written as two hexadecimal numbers, `16/B374D848`. Here it
 * is a number: exact up to 2^53, which is 8 PiB of WAL.
 *
 * An LSN says something within its timeline alone: after a promotion two servers may have written different records at the same place. So where
 * positions are compared, the timeline stands beside them.
 */

/** Of one database system: which history, and how far in it. */
export interface Position {
  readonly timeline: number;
  readonly lsn: number;
}

const pageBytes = 8_192;
/** Of the header at the beginning of a WAL page, and of the first page of a segment. */
const pageHeaderBytes = new Set([24, 40]);

/** @returns `undefined`: that is no LSN */
export function parseLsn(text: string): number | undefined {
  const match = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(text);
  if (match === null) return undefined;
  return Number.parseInt(match[1]!, 16) * 0x1_0000_0000 + Number.parseInt(match[2]!, 16);
}

export function formatLsn(lsn: number): string {
  const high = Math.floor(lsn / 0x1_0000_0000);
  return `${high.toString(16)}/${(lsn % 0x1_0000_0000).toString(16)}`.toUpperCase();
}

/**
 * Where the last record ends, from where the next one will begin. The two differ where a page is full: the next record begins behind the header of
 * the next page, while who has replayed all says that he is at the page's beginning, and would seem to lack a header until something is written.
 */
export function endOfLastRecord(insertLsn: number): number {
  const inPage = insertLsn % pageBytes;
  return pageHeaderBytes.has(inPage) ? insertLsn - inPage : insertLsn;
}

/** Whether a server that is at `reached` has everything up to `floor`. Never, where the timelines differ: they cannot be compared. */
export function hasReached(reached: Position, floor: Position): boolean {
  return reached.timeline === floor.timeline && reached.lsn >= floor.lsn;
}

/** The later of two. Of different timelines the higher one: a timeline is only ever left for a higher one. */
export function laterOf(a: Position | undefined, b: Position): Position {
  if (a === undefined || a.timeline < b.timeline) return b;
  return a.timeline > b.timeline || a.lsn >= b.lsn ? a : b;
}
