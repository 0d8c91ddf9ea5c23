/**
 * Which share of the requests that a service can do less for are told to: it grows while there is a lack of places, and shrinks when there is none, so that the
 * service settles where it just suffices, and does not swing between all and nothing (Klein, Maggio, Årzén, Hernández-Rodriguez: "Brownout: building more
 * robust cloud applications", ICSE 2014).
 */
export function nextShare(share: number, isContended: boolean): number {
  return isContended ? Math.min(1, share + 0.2) : Math.max(0, share - 0.02);
}
